package io.lockweave.jdbc.lease;

import io.lockweave.LockKey;
import io.lockweave.jdbc.dialect.Database;
import io.lockweave.jdbc.dialect.TableName;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * The statements of the lease table, written once per backend for its database and table.
 *
 * <p>Each key has one row whose {@code part} is {@code -}. An exclusive holder stands in that row. Shared and permit holders
 * have a row each whose part is their token; as long as the key is theirs, its own row never expires, so that the one
 * statement of an exclusive claim finds it busy without looking further. Free rows stay for a while: they keep the fence,
 * and the token of whoever released them.
 *
 * <p>Times are microseconds since 1970 by the database's clock. A fence is at least that clock in nanoseconds, so fences
 * grow even if rows or the whole table are lost; a new row begins a millisecond ahead, for clocks that tick in milliseconds.
 */
final class LeaseSql {

    /** The part of a key's own row. */
    static final String OWN = "-";

    /** How many rows {@link #dead} gives at most, where the database can be told so. */
    static final int DEAD_ROWS = 500;

    /** The owner of a row without one. */
    static final String NOBODY = "-";

    /** The end of lease of a key whose holders have rows of their own; beyond every other. */
    static final long NEVER = 9_000_000_000_000_000_000L;

    /** The end of lease of a key that its owner released; the token stays, to know a repeated release by. */
    static final long RELEASED = 0;

    /** The columns that {@link KeyRow#read} wants. */
    private static final String KEY_COLUMNS =
            "lock_mode, permits, owner_token, place, fence, next_fence, acquired_at, expires_at, ${now}";

    private static final String KEY_ROW = " where lock_key = ? and part = '-'";

    final String take;
    final @Nullable String insert;
    final @Nullable String readTaken;
    final String read;
    final @Nullable String takeOrMark;
    final @Nullable String mark;
    final String release;
    final String readEnd;
    final String touch;
    final String lock;
    final String insertFree;
    final String deleteDead;
    final String group;
    final String latestHolder;
    final String insertHolder;
    final String prolongHolder;
    final String giveToGroup;
    final String giveToOwner;
    final String free;
    final String releaseHolder;
    final String deleteHolders;
    final String notifyWaiters;
    final String find;
    final String list;
    final String dead;
    final String probe;
    final String probeClock;

    private final Database database;
    private final String table;
    private final String now;

    LeaseSql(Database database, TableName name, String clock) {
        this.database = database;
        this.table = name.quoted();
        this.now = clock;
        boolean postgres = database == Database.POSTGRESQL;
        this.take = sql(
                switch (database) {
                    case POSTGRESQL -> POSTGRESQL_UPSERT + "returning fence, next_fence, owner_token, " + FLUSH;
                    case MARIADB -> MYSQL_UPSERT + " returning fence, next_fence, owner_token";
                    case MYSQL -> MYSQL_UPSERT;
                    case H2 -> "select fence, next_fence, owner_token from final table (" + UPDATE + ")";
                    default -> UPDATE;
                });
        this.insert = database.isMySqlKind() || postgres
                ? null
                : sql(
                        database == Database.H2
                                ? "select fence, next_fence, owner_token from final table (" + INSERT + ")"
                                : INSERT);
        boolean returns = postgres || database == Database.MARIADB || database == Database.H2;
        this.readTaken = returns
                ? null
                : sql("select fence, next_fence, owner_token from ${t}" + KEY_ROW + " and owner_token = ?");
        this.read = sql("select " + KEY_COLUMNS + " from ${t}" + KEY_ROW);
        this.takeOrMark = postgres ? sql(POSTGRESQL_TAKE_OR_MARK) : null;
        this.mark = postgres ? sql(POSTGRESQL_MARK + " returning " + KEY_COLUMNS + ", " + NO_FLUSH) : null;
        this.release = sql("update ${t} set expires_at = " + RELEASED + KEY_ROW
                + " and owner_token = ? and expires_at > ${now}" + (postgres ? " returning " + WAKE : ""));
        this.readEnd = sql("select expires_at from ${t}" + KEY_ROW + " and owner_token = ?");
        this.touch = sql("update ${t} set permits = permits" + KEY_ROW);
        this.lock = sql(
                "select " + KEY_COLUMNS + " from ${t}" + KEY_ROW + (database.locksByReading() ? " for update" : ""));
        this.insertFree = sql(
                "insert into ${t} (" + ALL_COLUMNS + ") values (?, '-', ?, 'E', 1, '-', '-', ${seed}, ${seed}, 0, 0, 0)"
                        + (postgres ? " on conflict do nothing" : ""));
        this.deleteDead = sql("delete from ${t} where lock_key = ? and part <> '-' and expires_at <= ${now}");
        this.group = sql("select count(*), min(expires_at), max(expires_at),"
                + " max(case when part = ? then fence else 0 end), max(case when part = ? then next_fence else 0 end)"
                + " from ${t} where lock_key = ? and part <> '-'");
        this.latestHolder = sql(
                "select " + HOLDER_COLUMNS + " from ${t} where lock_key = ? and part <> '-' order by expires_at desc");
        this.insertHolder =
                sql("insert into ${t} (" + ALL_COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ${now}, ${now} + ?, 0)");
        String flushed = postgres ? " returning " + FLUSH : "";
        this.prolongHolder = sql("update ${t} set expires_at = ${now} + ? where lock_key = ? and part = ?" + flushed);
        this.giveToGroup =
                sql("update ${t} set lock_mode = ?, permits = ?, owner_token = '-', fence = ?, next_fence = ?,"
                        + " acquired_at = ${now}, expires_at = " + NEVER + KEY_ROW + flushed);
        this.giveToOwner = sql("update ${t} set lock_mode = 'E', permits = 1, owner_token = ?, place = ?, fence = ?,"
                + " next_fence = ?, acquired_at = ${now}, waited_until = 0, expires_at = ${now} + ?" + KEY_ROW
                + flushed);
        this.free = sql("update ${t} set owner_token = '-', expires_at = 0" + KEY_ROW);
        this.releaseHolder = postgres
                ? sql(POSTGRESQL_RELEASE_HOLDER)
                : sql("delete from ${t} where lock_key = ? and part = ? and expires_at > ${now}");
        this.deleteHolders = sql("delete from ${t} where lock_key = ? and part <> '-'");
        this.notifyWaiters = "select pg_notify(?, ?)";
        this.find = sql("select " + HOLDER_COLUMNS
                + " from ${t} where lock_key = ? and owner_token <> '-' and expires_at > ${now} order by fence");
        this.list = sql("select " + HOLDER_COLUMNS
                + " from ${t} where owner_token <> '-' and expires_at > ${now} order by lock_key, fence");
        this.dead = sql("select lock_key, expires_at from ${t} where part = '-' and lock_key > ?"
                + " and next_fence <= (${now} - ?) * 1000 and (expires_at <= ${now} or expires_at = " + NEVER
                + ") order by lock_key" + database.firstRows(DEAD_ROWS));
        this.probe = sql("select " + ALL_COLUMNS + " from ${t} where lock_key = '-'");
        this.probeClock = sql("select ${now} from ${t} where lock_key = '-'");
    }

    /** Where PostgreSQL tells of releases in this table; the same for all JVMs on it. */
    String channel() {
        return "lockweave_" + LockKey.of("channel", table).fingerprint().substring(0, 24);
    }

    boolean locksByReading() {
        return database.locksByReading();
    }

    /** Prolongs so many leases; on PostgreSQL it returns the tokens it found. */
    String renew(int leases) {
        return sql("update ${t} set expires_at = ${now} + ?" + ofOwners(leases)
                + (database == Database.POSTGRESQL ? " returning owner_token, " + FLUSH : ""));
    }

    /** Whether {@link #renew} returns the tokens it found. */
    boolean renewReturns() {
        return database == Database.POSTGRESQL;
    }

    /** Which of so many tokens still hold. */
    String stillHeld(int leases) {
        return sql("select owner_token from ${t}" + ofOwners(leases));
    }

    /** Deletes so many keys' own rows if they are free and their fences lie some time back. */
    String deleteFree(int keys) {
        return sql("delete from ${t} where lock_key in (" + marks(keys)
                + ") and part = '-' and expires_at <= ${now} and next_fence <= (${now} - ?) * 1000");
    }

    private static String ofOwners(int leases) {
        return " where lock_key in (" + marks(leases) + ") and owner_token in (" + marks(leases)
                + ") and expires_at > ${now}";
    }

    private static String marks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    private String sql(String template) {
        return template.replace("${seed}", "(${now} + 1000) * 1000")
                .replace("${now}", now)
                .replace("${t}", table);
    }

    static final String ALL_COLUMNS =
            "lock_key, part, lock_name, lock_mode, permits, owner_token, place, fence, next_fence,"
                    + " acquired_at, expires_at, waited_until";

    /** The columns that {@link HolderRow#read} wants. */
    private static final String HOLDER_COLUMNS =
            "lock_key, lock_name, owner_token, place, lock_mode, fence, acquired_at, expires_at, ${now}";

    /** Key, name, owner, place, fences, lease. */
    private static final String INSERT = "insert into ${t} (" + ALL_COLUMNS
            + ") values (?, '-', ?, 'E', 1, ?, ?, ${seed}, ${seed} + ?, ${now}, ${now} + ?, 0)";

    /** Fences, fences, place, owner, lease, key, owner. The owner's own lease that still runs keeps its fence. */
    private static final String UPDATE = """
            update ${t} set lock_mode = 'E', permits = 1,
              fence = case when expires_at > ${now} then fence
                when next_fence > ${now} * 1000 then next_fence else ${now} * 1000 end,
              next_fence = case when expires_at > ${now} then next_fence
                when next_fence > ${now} * 1000 then next_fence + ? else ${now} * 1000 + ? end,
              acquired_at = case when expires_at > ${now} then acquired_at else ${now} end,
              place = ?, owner_token = ?, waited_until = 0, expires_at = ${now} + ?""" + KEY_ROW + " and (expires_at <= ${now} or owner_token = ?)";

    /** As {@link #INSERT}, in one statement with the change of a row that is there. */
    private static final String POSTGRESQL_UPSERT = """
            insert into ${t} as l (lock_key, part, lock_name, lock_mode, permits, owner_token, place,
              fence, next_fence, acquired_at, expires_at, waited_until)
            select ?, '-', ?, 'E', 1, ?, ?, (c.now + 1000) * 1000, (c.now + 1000) * 1000 + ?, c.now, c.now + ?, 0
            from (select ${now} as now) c
            on conflict (lock_key, part) do update set
              lock_mode = 'E', permits = 1, owner_token = excluded.owner_token, place = excluded.place,
              fence = case when l.expires_at > excluded.acquired_at then l.fence
                else greatest(l.next_fence, excluded.acquired_at * 1000) end,
              next_fence = case when l.expires_at > excluded.acquired_at then l.next_fence
                else greatest(l.next_fence, excluded.acquired_at * 1000) + excluded.next_fence - excluded.fence end,
              acquired_at = case when l.expires_at > excluded.acquired_at then l.acquired_at
                else excluded.acquired_at end,
              expires_at = excluded.expires_at, waited_until = 0
            where l.expires_at <= excluded.acquired_at or l.owner_token = excluded.owner_token
            """;

    /** Makes a server that does not wait for its disk at commit do so, since a given lock must not be forgotten. */
    private static final String FLUSH = "case when current_setting('synchronous_commit') = 'off'"
            + " then set_config('synchronous_commit', 'local', true) end";

    /** Lets a commit that may be forgotten not wait for the disk. */
    private static final String NO_FLUSH = "set_config('synchronous_commit', 'off', true)";

    /** Time, key. */
    private static final String POSTGRESQL_MARK = "update ${t} set waited_until = ${now} + ?" + KEY_ROW;

    /** For somebody who waits already: the upsert, and if it took nothing the mark. Gives {@link #KEY_COLUMNS} of the row. */
    private static final String POSTGRESQL_TAKE_OR_MARK = "with taken as (" + POSTGRESQL_UPSERT + "returning "
            + KEY_COLUMNS + " as now_, " + FLUSH + "), marked as (" + POSTGRESQL_MARK
            + " and not exists (select 1 from taken) returning " + KEY_COLUMNS + " as now_, " + NO_FLUSH + ")"
            + " select * from taken union all select * from marked";

    /**
     * As {@link #INSERT}, in one statement with the change of a row that is there. Assignments happen from left to right:
     * the end of the lease, by which the others judge, comes last. There is no condition for the change, so each column keeps
     * its value if somebody else holds the row.
     */
    private static final String MYSQL_UPSERT = INSERT + " on duplicate key update\n" + """
              fence = if(expires_at <= values(acquired_at), greatest(next_fence, values(acquired_at) * 1000), fence),
              next_fence = if(expires_at <= values(acquired_at),
                fence + values(next_fence) - values(fence), next_fence),
              lock_mode = if(expires_at <= values(acquired_at), 'E', lock_mode),
              permits = if(expires_at <= values(acquired_at), 1, permits),
              place = if(expires_at <= values(acquired_at), values(place), place),
              acquired_at = if(expires_at <= values(acquired_at), values(acquired_at), acquired_at),
              owner_token = if(expires_at <= values(acquired_at), values(owner_token), owner_token),
              expires_at = if(owner_token = values(owner_token), values(expires_at), expires_at)""";

    /** Tells the waiters, if there are any; and the commit of a release need not wait for the disk. */
    private static final String WAKE = "case when waited_until > ${now} then pg_notify(?, ?)::text end, " + NO_FLUSH;

    /** Key, key, part, channel, payload. The shared row lock waits for a claim that is about to ask to be woken. */
    private static final String POSTGRESQL_RELEASE_HOLDER = """
            with k as materialized (
              select waited_until from ${t} where lock_key = ? and part = '-' for share),
            gone as (delete from ${t} where lock_key = ? and part = ? and expires_at > ${now} returning 1)
            select case when k.waited_until > ${now} then pg_notify(?, ?)::text end,
              set_config('synchronous_commit', 'off', true)
            from gone left join k on true""";
}
