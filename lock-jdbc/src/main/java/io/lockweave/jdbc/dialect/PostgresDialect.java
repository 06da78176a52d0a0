package io.lockweave.jdbc.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** PostgreSQL. */
final class PostgresDialect extends Dialect {

    /** A statement of this name exists already, or does not. */
    private static final Set<String> PREPARED_ELSEWHERE = Set.of("42P05", "26000");

    private static final String ADVISORY = """
            select case when t.taken then 1 else 0 end, pg_backend_pid(),
              case when t.taken then (extract(epoch from clock_timestamp()) * 1000000)::bigint else 0 end
            from (select %s as taken offset 0) t""";

    /** Through the turnstile, and out of it again whether the key was taken or not. */
    private static final String THROUGH_TURNSTILE = "case when pg_try_advisory_lock_shared(?) then case when %s(?)"
            + " then pg_advisory_unlock_shared(?) else not pg_advisory_unlock_shared(?) end else false end";

    private static final SessionSql SESSION = new SessionSql(
            ADVISORY.formatted(THROUGH_TURNSTILE.formatted("pg_try_advisory_lock")),
            ADVISORY.formatted("pg_try_advisory_lock(?)"),
            ADVISORY.formatted(THROUGH_TURNSTILE.formatted("pg_try_advisory_lock_shared")),
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
            "select case when pg_terminate_backend(cast(? as integer)) then 1 else 0 end",
            "select case when pg_try_advisory_lock(?) then 1 else 0 end",
            "select case when pg_advisory_unlock(?) then 1 else 0 end",
            SessionSql.Names.NUMBERS);

    /** Whether a lock of the transaction is there once it was taken. */
    private static final String SEEN_LOCK = """
            select case when t.taken and exists (select 1 from pg_locks
              where locktype = 'advisory' and pid = pg_backend_pid() and granted and t.taken) then 1 else 0 end
            from (select pg_try_advisory_xact_lock_shared(hashtext('lockweave_probe')) as taken offset 0) t""";

    private static final String LOCATE =
            "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                    + " where c.oid = to_regclass(?)";

    private final LeaseStatements lease;

    PostgresDialect() {
        this(PostgresLease.STATEMENTS);
    }

    private PostgresDialect(LeaseStatements lease) {
        super("postgresql");
        this.lease = lease;
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
        return lease;
    }

    @Override
    public Dialect withoutNotifications() {
        return new PostgresDialect(PostgresLease.POLLED);
    }

    /** CockroachDB calls itself PostgreSQL, and has the functions of advisory locks without the locks. */
    @Override
    public boolean hasSessionLocks(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(SEEN_LOCK);
                ResultSet row = query.executeQuery()) {
            return row.next() && row.getInt(1) == 1;
        }
    }

    @Override
    public String sessionNumber() {
        return "select pg_backend_pid()";
    }

    @Override
    public SessionSql session() {
        return SESSION;
    }

    @Override
    public @Nullable RowLockSql rows() {
        return PostgresRowLocks.ONE;
    }

    /** A plain name may be of any schema of the search path, and a temporary table. */
    @Override
    public TableLocation locate(Connection connection, TableName name) throws SQLException {
        if (name.schema() != null) {
            return TableLocation.bySchema(connection, name);
        }
        try (PreparedStatement query = connection.prepareStatement(LOCATE)) {
            query.setString(1, name.quoted());
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? new TableLocation(connection.getMetaData().getURL(), null, row.getString(1), row.getString(2))
                        : TableLocation.bySchema(connection, name);
            }
        }
    }

    /** Metadata names the type of a column that counts up by itself after that. */
    @Override
    public String keyType(String typeName) {
        return switch (typeName) {
            case "smallserial" -> "int2";
            case "serial" -> "int4";
            case "bigserial" -> "int8";
            default -> typeName;
        };
    }

    /** Text without a type takes that of the column: an enum, citext, char. */
    @Override
    public void bindKey(PreparedStatement statement, int index, int jdbcType, String typeName, @Nullable Object value)
            throws SQLException {
        if (value instanceof String) {
            statement.setObject(index, value, Types.OTHER);
        } else {
            statement.setObject(index, value);
        }
    }

    /** Where transactions of a connection meet several sessions, statements prepared in one are unknown in the next. */
    @Override
    public String remedy(SQLException e) {
        return PREPARED_ELSEWHERE.contains(state(e))
                ? ". To fix it: set prepareThreshold=0 in the JDBC URL, since a pooler between this program and the"
                        + " database switches sessions between transactions (PgBouncer from 1.21 on can keep prepared"
                        + " statements instead: max_prepared_statements)"
                : "";
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
