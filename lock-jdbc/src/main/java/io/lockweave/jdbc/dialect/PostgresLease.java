package io.lockweave.jdbc.dialect;

/**
 * How PostgreSQL takes rows of the lock table, and tells of releases. Those who wait for a row stand in its column
 * {@code waiters}, first come first, each with {@value #ENTRY} characters: 8 of its JVM, 12 of its claim, a space.
 * A release tells the first of them, and the row is its for a moment.
 */
final class PostgresLease {

    /** How long a waiter's entry is. */
    private static final int ENTRY = 21;

    /** The entry of a claim that stands in no queue. */
    private static final String NONE = "'-'";

    /** A failed insert would end the transaction that it is in. */
    private static final String IF_ABSENT = " on conflict do nothing";

    private static final String MINE = "cast(? as text)";

    /** How long a waiter that was told may take to come before it is taken for dead, in microseconds. */
    private static final int DEAD_AFTER = 250_000;

    /** When a row that is free came free. */
    private static final String FREE_SINCE =
            "case when %1$s.expires_at = 0 then %1$s.acquired_at else %1$s.expires_at end";

    /** Whether a free row is kept for somebody else: row, entry, now, for how long. */
    private static final String KEPT = "(%1$s.waiters <> '' and left(%1$s.waiters, " + ENTRY + ") <> %2$s"
            + " and %3$s - %4$s < " + FREE_SINCE + ")";

    /** For how long it still is (entry, time). */
    private static final String KEPT_FOR = "case when waiters = '' or left(waiters, " + ENTRY + ") = %s then 0"
            + " else greatest(0, case when expires_at = 0 then acquired_at else expires_at end"
            + " - ${now} + cast(? as bigint)) end";

    private static final String WITHOUT = """
            case when l.waiters = '' then ''
              when l.owner_token = excluded.owner_token and l.expires_at > excluded.acquired_at
                or excluded.acquired_at - ${dead} < ${free_since} then replace(l.waiters, %1$s, '')
              else substr(l.waiters, greatest(position(%1$s in l.waiters), 1) + ${entry}) end""";

    /**
     * The queue without whoever takes the row (entry, entry), and without those before it if they did not come although
     * told.
     */
    private static final String WAITERS_LEFT = WITHOUT.replace("${dead}", "" + DEAD_AFTER)
            .replace("${free_since}", FREE_SINCE.formatted("l"))
            .replace("${entry}", "" + ENTRY);

    /** The change of a row that is there: taken if it is free, or the owner's own (entry three times, time). */
    private static String onConflict(String entry) {
        return """
            on conflict (lock_key, part) do update set
              lock_mode = 'E', permits = 1, owner_token = excluded.owner_token, place = excluded.place,
              fence = case when l.expires_at > excluded.acquired_at then l.fence
                else greatest(l.next_fence, excluded.acquired_at * 1000) end,
              next_fence = case when l.expires_at > excluded.acquired_at then l.next_fence
                else greatest(l.next_fence, excluded.acquired_at * 1000) + excluded.next_fence - excluded.fence end,
              acquired_at = case when l.expires_at > excluded.acquired_at then l.acquired_at
                else excluded.acquired_at end,
              expires_at = excluded.expires_at, waited_until = 0, writer_until = 0, waiters = ${left}
            where (l.owner_token = excluded.owner_token
                or (l.expires_at <= excluded.acquired_at and not ${kept}))
              and excluded.expires_at > 0
            """.replace("${left}", WAITERS_LEFT.formatted(entry))
                .replace("${kept}", KEPT.formatted("l", entry, "excluded.acquired_at", "cast(? as bigint)"));
    }

    private static final String INSERT = """
            insert into ${t} as l (lock_key, part, lock_name, lock_mode, permits, owner_token, place,
              fence, next_fence, acquired_at, expires_at, waited_until, writer_until)
            """;

    /** Makes a server that does not wait for its disk at commit do so, since a given lock must not be forgotten. */
    private static final String FLUSH = "case when current_setting('synchronous_commit') = 'off'"
            + " then set_config('synchronous_commit', 'local', true) end";

    /** Lets a commit that may be forgotten not wait for the disk. */
    private static final String NO_FLUSH = "set_config('synchronous_commit', 'off', true)";

    /**
     * As {@link LeaseTable#INSERT}, in one statement with the change of a row that is there; a row that is busy is only
     * read, which writes nothing. Then entry, time, key, owner, entry three times, time.
     */
    private static final String TAKEN =
            "with taken as (" + INSERT + """
            select ?, '-', ?, 'E', 1, ?, ?, (c.now + 1000) * 1000, (c.now + 1000) * 1000 + ?, c.now,
              case when c.now <= ? then c.now + ? else 0 end, 0, 0
            from (select ${now} as now, cast(? as text) as mine, cast(? as bigint) as kept) c
            where not exists (select 1 from ${t} b where b.lock_key = ? and b.part = '-'
              and b.owner_token <> ? and (b.expires_at > c.now or ${kept}))
            """.replace("${kept}", KEPT.formatted("b", "c.mine", "c.now", "c.kept"))
                    + onConflict(MINE) + "returning " + LeaseTable.KEY_COLUMNS + " as now_, " + FLUSH
                    + " as flushed, cast(0 as bigint) as kept_for)";

    /** The row as it is, if it was not taken (entry, time, key). */
    private static final String SEEN = "select " + LeaseTable.KEY_COLUMNS + ", null, " + KEPT_FOR.formatted(MINE)
            + " from ${t}" + LeaseTable.KEY_ROW + " and not exists (select 1 from taken)";

    /** The upsert, and if it took nothing a look. Gives the columns of the row; a row that is busy is only read. */
    private static final String TAKE_OR_LOOK = TAKEN + " select * from taken union all " + SEEN;

    /**
     * For somebody who waits: the upsert, and if it took nothing a place at the end of the queue, or none (entry three
     * times, key, entry, whether to wait, entry, time). Who stands there only looks.
     */
    private static final String TAKE_OR_QUEUE = TAKEN + ", queued as (update ${t} set waiters ="
            + " case when position(" + MINE + " in waiters) = 0 then waiters || " + MINE
            + " else replace(waiters, " + MINE + ", '') end" + LeaseTable.KEY_ROW
            + " and (position(" + MINE + " in waiters) = 0) = cast(? as boolean) and expires_at <> " + LeaseTable.NEVER
            + " and not exists (select 1 from taken) returning " + LeaseTable.KEY_COLUMNS + " as now_, " + NO_FLUSH
            + " as flushed, " + KEPT_FOR.formatted(MINE) + " as kept_for)"
            + " select * from taken union all select * from queued union all " + SEEN
            + " and not exists (select 1 from queued)";

    /**
     * The upsert of several rows in the order given, unless one is busy, which is only read. If one is taken by
     * somebody else while it runs, it divides by zero, so that nothing is changed.
     */
    private static final String TAKE_ALL =
            """
            with c as materialized (select ${now} as now),
            asked as materialized (
              select a.lock_key, a.lock_name, a.owner_token, a.turn, c.now
              from c, unnest(cast(? as text[]), cast(? as text[]), cast(? as text[])) with ordinality
                as a (lock_key, lock_name, owner_token, turn)),
            taken as (
            """ + INSERT + """
            select a.lock_key, '-', a.lock_name, 'E', 1, a.owner_token, ?,
              (a.now + 1000) * 1000, (a.now + 1000) * 1000 + ?, a.now,
              case when a.now <= ? then a.now + ? else 0 end, 0, 0
            from asked a
            where not exists (select 1 from asked o join ${t} b on b.lock_key = o.lock_key and b.part = '-'
              where b.owner_token <> o.owner_token and (b.expires_at > o.now or ${kept}))
            order by a.turn
            """.replace("${kept}", KEPT.formatted("b", NONE, "o.now", "cast(? as bigint)"))
                    + onConflict(NONE) + "returning lock_key, " + LeaseTable.KEY_COLUMNS + " as now_, " + FLUSH + """
             as flushed, cast(0 as bigint) as kept_for)
            select t.*, 1 / case when count(*) over () = (select count(*) from asked) then 1 else 0 end from taken t
            union all
            """
                    + "select lock_key, " + LeaseTable.KEY_COLUMNS + ", null, " + KEPT_FOR.formatted(NONE) + """
            , 1 from ${t} where part = '-' and lock_key in (select lock_key from asked)
              and not exists (select 1 from taken)""";

    /** Time, key. */
    private static final String MARK = "update ${t} set waited_until = ${now} + ?" + LeaseTable.KEY_ROW;

    /**
     * Tells the first waiter, and those that left a mark: of groups, or of a version without a queue (prefix of the
     * channels, common channel).
     */
    private static final String TELL = "case when waiters <> '' then"
            + " pg_notify(cast(? as text) || left(waiters, 8), lock_key || ' '"
            + " || substr(waiters, 9, 12))::text end,"
            + " case when waited_until > ${now} then pg_notify(?, lock_key)::text end, " + NO_FLUSH;

    /**
     * Ends a claim whatever became of it (owner, owner, entry, key, owner, entry, and what tells the waiters): its turn
     * goes on to the next.
     */
    private static final String WITHDRAW = """
            update ${t} set
              acquired_at = case when owner_token = ? and expires_at > ${now} then ${now} else acquired_at end,
              expires_at = case when owner_token = ? and expires_at > ${now} then 0 else expires_at end,
              waiters = replace(waiters, cast(? as text), ''), writer_until = 0""" + LeaseTable.KEY_ROW + """
             and (owner_token = ? and expires_at > ${now} or position(cast(? as text) in waiters) > 0
              or writer_until > 0)
            returning case when expires_at <= ${now} and waiters <> '' then
              pg_notify(cast(? as text) || left(waiters, 8),
                lock_key || ' ' || substr(waiters, 9, 12))::text end,
              case when waited_until > ${now} then pg_notify(?, lock_key)::text end,\s""" + NO_FLUSH;

    /** Key, key, part, channel, payload. The shared row lock waits for a claim that is about to ask to be woken. */
    private static final String RELEASE_HOLDER = """
            with k as materialized (
              select waited_until from ${t} where lock_key = ? and part = '-' for share),
            gone as (delete from ${t} where lock_key = ? and part = ? and expires_at > ${now} returning 1)
            select case when k.waited_until > ${now} then pg_notify(?, ?)::text end,
              set_config('synchronous_commit', 'off', true)
            from gone left join k on true""";

    static final LeaseStatements STATEMENTS = new LeaseStatements(
            TAKE_OR_LOOK,
            TAKE_ALL,
            null,
            true,
            IF_ABSENT,
            FLUSH,
            new LeaseStatements.Push(
                    TAKE_OR_QUEUE,
                    TELL,
                    WITHDRAW,
                    MARK + " returning " + LeaseTable.KEY_COLUMNS + ", " + NO_FLUSH,
                    RELEASE_HOLDER,
                    "select pg_notify(?, ?)"));

    /** For databases that speak PostgreSQL's language and have no notifications, such as CockroachDB. */
    static final LeaseStatements POLLED =
            new LeaseStatements(LeaseTable.UPDATE, null, LeaseTable.INSERT + IF_ABSENT, false, IF_ABSENT, null, null);

    private PostgresLease() {}
}
