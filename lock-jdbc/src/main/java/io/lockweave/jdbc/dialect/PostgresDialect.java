package io.lockweave.jdbc.dialect;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** PostgreSQL. */
final class PostgresDialect extends Dialect {

    private static final String ADVISORY = """
            select case when t.taken then 1 else 0 end, pg_backend_pid(),
              case when t.taken then (extract(epoch from clock_timestamp()) * 1000000)::bigint else 0 end
            from (select %s(?) as taken offset 0) t""";

    private static final SessionSql SESSION = new SessionSql(
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

    PostgresDialect() {
        super("postgresql");
    }

    @Override
    boolean isNamed(String product, String version) {
        return product.contains("postgresql");
    }

    /** A double has room for microseconds until 2255, and is computed faster than what EXTRACT gives. */
    @Override
    public String clock(TableName table) {
        return "(date_part('epoch', clock_timestamp()) * 1000000)::bigint";
    }

    @Override
    public boolean locksByReading() {
        return true;
    }

    @Override
    public boolean hasNetworkTimeout() {
        return true;
    }

    @Override
    public String firstRows(int rows) {
        return " limit " + rows;
    }

    @Override
    public LeaseStatements lease() {
        return PostgresLease.STATEMENTS;
    }

    @Override
    public SessionSql session() {
        return SESSION;
    }

    @Override
    public @Nullable RowLockSql rows() {
        return PostgresRowLocks.ONE;
    }

    @Override
    public boolean isLockTimeout(SQLException e) {
        return state(e).equals("55P03");
    }

    @Override
    public boolean isDeadlock(SQLException e) {
        return state(e).equals("40P01");
    }

    @Override
    public boolean isStatementTimeout(SQLException e) {
        return state(e).equals("57014");
    }

    @Override
    public boolean isEndedByServer(SQLException e) {
        return state(e).startsWith("57P0");
    }
}
