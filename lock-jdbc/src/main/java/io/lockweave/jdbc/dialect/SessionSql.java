package io.lockweave.jdbc.dialect;

import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import org.jspecify.annotations.Nullable;

/**
 * What session locks are called in a database. Each statement that takes a lock also gives the id of the session that runs
 * it, so that a pooler that switches sessions in between is found out.
 *
 * @param takeExclusive answers 1 if taken, the session, and the clock in microseconds read after that
 * @param takeShared the same for a shared lock, or null if there are none
 * @param readClock where the clock cannot be read in the same statement after the lock was taken: how to read it then
 * @param releaseExclusive answers 1 if it was held
 * @param session the id of the session
 * @param holder who holds a key elsewhere: session, address, program
 * @param end ends another session
 */
public record SessionSql(
        String takeExclusive,
        @Nullable String takeShared,
        @Nullable String readClock,
        String releaseExclusive,
        @Nullable String releaseShared,
        String session,
        String holder,
        String end) {

    private static final String ADVISORY = """
            select case when t.taken then 1 else 0 end, pg_backend_pid(),
              case when t.taken then (extract(epoch from clock_timestamp()) * 1000000)::bigint else 0 end
            from (select %s(?) as taken offset 0) t""";

    private static final SessionSql POSTGRESQL = new SessionSql(
            ADVISORY.formatted("pg_try_advisory_lock"),
            ADVISORY.formatted("pg_try_advisory_lock_shared"),
            null,
            "select case when pg_advisory_unlock(?) then 1 else 0 end",
            "select case when pg_advisory_unlock_shared(?) then 1 else 0 end",
            "select pg_backend_pid()",
            """
            select l.pid, coalesce(host(a.client_addr), 'local'), coalesce(a.application_name, '?')
            from pg_locks l left join pg_stat_activity a on a.pid = l.pid
            where l.locktype = 'advisory' and l.granted and l.objsubid = 1
              and l.database = (select oid from pg_database where datname = current_database())
              and ((l.classid::bigint << 32) | l.objid::bigint) = ?""",
            "select case when pg_terminate_backend(cast(? as integer)) then 1 else 0 end");

    private static final SessionSql MYSQL = new SessionSql(
            "select get_lock(?, 0), connection_id(), 0",
            null,
            "select timestampdiff(microsecond, '1970-01-01', utc_timestamp(6))",
            "select release_lock(?)",
            null,
            "select connection_id()",
            """
            select p.id, coalesce(p.host, '?'), coalesce(p.user, '?') from information_schema.processlist p
            where p.id = is_used_lock(?)""",
            "kill ?");

    public static SessionSql of(Database database) {
        return switch (database) {
            case POSTGRESQL -> POSTGRESQL;
            case MYSQL, MARIADB -> MYSQL;
            default ->
                throw new LockUsageException(
                        "The database " + database.id() + " has no session locks",
                        "use the strategy lease, which works on every database");
        };
    }

    /** What the database knows the key by: 64 bits for PostgreSQL, a name for the others, both of the fingerprint. */
    public Object name(LockKey key) {
        String fingerprint = key.fingerprint();
        return takeShared != null
                ? Long.parseUnsignedLong(fingerprint.substring(0, 16), 16)
                : "lw" + fingerprint.substring(0, 60);
    }
}
