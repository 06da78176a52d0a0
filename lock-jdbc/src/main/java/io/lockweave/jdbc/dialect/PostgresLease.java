package io.lockweave.jdbc.dialect;

/** How PostgreSQL takes rows of the lock table, and tells of releases. */
final class PostgresLease {

    /** The change of a row that is there: taken if it is free, or the owner's own. */
    private static final String ON_CONFLICT = """
            on conflict (lock_key, part) do update set
              lock_mode = 'E', permits = 1, owner_token = excluded.owner_token, place = excluded.place,
              fence = case when l.expires_at > excluded.acquired_at then l.fence
                else greatest(l.next_fence, excluded.acquired_at * 1000) end,
              next_fence = case when l.expires_at > excluded.acquired_at then l.next_fence
                else greatest(l.next_fence, excluded.acquired_at * 1000) + excluded.next_fence - excluded.fence end,
              acquired_at = case when l.expires_at > excluded.acquired_at then l.acquired_at
                else excluded.acquired_at end,
              expires_at = excluded.expires_at, waited_until = 0, writer_until = 0
            where (l.expires_at <= excluded.acquired_at or l.owner_token = excluded.owner_token)
              and excluded.expires_at > 0
            """;

    /**
     * As {@link LeaseTable#INSERT}, in one statement with the change of a row that is there; a row that is busy is only
     * read, which writes nothing. Key and owner once more at the end.
     */
    private static final String UPSERT = """
            insert into ${t} as l (lock_key, part, lock_name, lock_mode, permits, owner_token, place,
              fence, next_fence, acquired_at, expires_at, waited_until, writer_until)
            select ?, '-', ?, 'E', 1, ?, ?, (c.now + 1000) * 1000, (c.now + 1000) * 1000 + ?, c.now,
              case when c.now <= ? then c.now + ? else 0 end, 0, 0
            from (select ${now} as now) c
            where not exists (select 1 from ${t} b where b.lock_key = ? and b.part = '-'
              and b.expires_at > c.now and b.owner_token <> ?)
            """ + ON_CONFLICT;

    /** Makes a server that does not wait for its disk at commit do so, since a given lock must not be forgotten. */
    private static final String FLUSH = "case when current_setting('synchronous_commit') = 'off'"
            + " then set_config('synchronous_commit', 'local', true) end";

    /** The upsert, and if it took nothing a look. Gives the columns of the row; a row that is busy is only read. */
    private static final String TAKE_OR_LOOK = "with taken as (" + UPSERT + "returning " + LeaseTable.KEY_COLUMNS
            + " as now_, " + FLUSH + ") select * from taken union all select " + LeaseTable.KEY_COLUMNS
            + ", null from ${t}" + LeaseTable.KEY_ROW + " and not exists (select 1 from taken)";

    /**
     * The upsert of several rows in the order given, unless one is busy, which is only read. If one is taken by
     * somebody else while it runs, it divides by zero, so that nothing is changed.
     */
    private static final String TAKE_ALL = """
            with c as materialized (select ${now} as now),
            asked as materialized (
              select a.lock_key, a.lock_name, a.owner_token, a.turn, c.now
              from c, unnest(cast(? as text[]), cast(? as text[]), cast(? as text[])) with ordinality
                as a (lock_key, lock_name, owner_token, turn)),
            taken as (
            insert into ${t} as l (lock_key, part, lock_name, lock_mode, permits, owner_token, place,
              fence, next_fence, acquired_at, expires_at, waited_until, writer_until)
            select a.lock_key, '-', a.lock_name, 'E', 1, a.owner_token, ?,
              (a.now + 1000) * 1000, (a.now + 1000) * 1000 + ?, a.now,
              case when a.now <= ? then a.now + ? else 0 end, 0, 0
            from asked a
            where not exists (select 1 from asked o join ${t} b on b.lock_key = o.lock_key and b.part = '-'
              where b.expires_at > o.now and b.owner_token <> o.owner_token)
            order by a.turn
            """ + ON_CONFLICT + "returning lock_key, " + LeaseTable.KEY_COLUMNS
            + " as now_, " + FLUSH + """
             as flushed)
            select t.*, 1 / case when count(*) over () = (select count(*) from asked) then 1 else 0 end from taken t
            union all
            """ + "select lock_key, " + LeaseTable.KEY_COLUMNS + """
            , null, 1 from ${t} where part = '-' and lock_key in (select lock_key from asked)
              and not exists (select 1 from taken)""";

    /** Lets a commit that may be forgotten not wait for the disk. */
    private static final String NO_FLUSH = "set_config('synchronous_commit', 'off', true)";

    /** Time, key. */
    private static final String MARK = "update ${t} set waited_until = ${now} + ?" + LeaseTable.KEY_ROW;

    /** For somebody who waits already: the upsert, and if it took nothing the mark. Gives the columns of the row. */
    private static final String TAKE_OR_MARK = "with taken as (" + UPSERT + "returning "
            + LeaseTable.KEY_COLUMNS + " as now_, " + FLUSH + "), marked as (" + MARK
            + " and not exists (select 1 from taken) returning " + LeaseTable.KEY_COLUMNS + " as now_, " + NO_FLUSH
            + ")"
            + " select * from taken union all select * from marked";

    /** Tells the waiters, if there are any; and the commit of a release need not wait for the disk. */
    private static final String WAKE = "case when waited_until > ${now} then pg_notify(?, ?)::text end, " + NO_FLUSH;

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
            " on conflict do nothing",
            FLUSH,
            new LeaseStatements.Push(
                    TAKE_OR_MARK,
                    MARK + " returning " + LeaseTable.KEY_COLUMNS + ", " + NO_FLUSH,
                    WAKE,
                    RELEASE_HOLDER,
                    "select pg_notify(?, ?)"));

    private PostgresLease() {}
}
