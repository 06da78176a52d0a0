package io.lockweave.jdbc.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** MySQL, and what MariaDB shares with it. */
class MySqlDialect extends Dialect {

    private static final int LOCK_WAIT = 1205;
    private static final int NOWAIT = 3572;
    private static final int DEADLOCK = 1213;
    private static final int ROW_CHANGED = 1020;

    /** Whether the row is free, and the take not too late. */
    private static final String FREE = "expires_at <= values(acquired_at) and values(expires_at) > 0";

    /**
     * As {@link LeaseTable#INSERT}, in one statement with the change of a row that is there. There is no condition for
     * the change, so each column keeps its value if somebody else holds the row. Assignments happen from left to right
     * or, with the mode SIMULTANEOUS_ASSIGNMENT, all at once: each uses only itself and columns that are assigned after
     * it. The end of the lease, by which the others judge, comes last; the owner before it is another one only if the
     * row was free.
     */
    static final String UPSERT = LeaseTable.INSERT + " on duplicate key update\n" + """
              fence = if(${free}, greatest(next_fence, values(acquired_at) * 1000), fence),
              next_fence = if(${free}, greatest(next_fence, values(acquired_at) * 1000)
                + values(next_fence) - values(fence), next_fence),
              lock_mode = if(${free}, 'E', lock_mode),
              permits = if(${free}, 1, permits),
              place = if(${free}, values(place), place),
              acquired_at = if(${free}, values(acquired_at), acquired_at),
              writer_until = if(${free}, 0, writer_until),
              owner_token = if(${free}, values(owner_token), owner_token),
              expires_at = if((${free}) or (owner_token = values(owner_token) and expires_at > values(acquired_at)
                and values(expires_at) > 0), values(expires_at), expires_at)""".replace("${free}", FREE);

    private static final LeaseStatements LEASE = new LeaseStatements(UPSERT, null, null, false, "", null, null);

    private static final SessionSql SESSION = new SessionSql(
            "select if(coalesce(is_used_lock(?), connection_id()) = connection_id(), get_lock(?, 0), 0),"
                    + " connection_id(), 0",
            "select get_lock(?, 0), connection_id(), 0",
            null,
            "select timestampdiff(microsecond, '1970-01-01', utc_timestamp(6))",
            "select release_lock(?)",
            null,
            "select connection_id()",
            """
            select p.id, coalesce(p.host, '?'), coalesce(p.user, '?') from information_schema.processlist p
            where p.id = is_used_lock(?)""",
            "kill ?",
            "select get_lock(?, 0)",
            "select release_lock(?)",
            SessionSql.Names.TEXTS);

    MySqlDialect() {
        this("mysql");
    }

    MySqlDialect(String id) {
        super(id);
    }

    @Override
    boolean isNamed(String product, String version) {
        return product.contains("mysql");
    }

    @Override
    public String clock(TableName table) {
        return "timestampdiff(microsecond, '1970-01-01', utc_timestamp(6))";
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
        return LEASE;
    }

    @Override
    public String sessionNumber() {
        return "select connection_id()";
    }

    @Override
    public SessionSql session() {
        return SESSION;
    }

    @Override
    public @Nullable RowLockSql rows() {
        return MySqlRowLocks.MYSQL;
    }

    @Override
    public TableLocation locate(Connection connection, TableName name) throws SQLException {
        return TableLocation.byCatalog(connection, name);
    }

    @Override
    public void bindKey(PreparedStatement statement, int index, int jdbcType, String typeName, @Nullable Object value)
            throws SQLException {
        statement.setObject(index, value instanceof UUID ? value.toString() : value);
    }

    /** At SERIALIZABLE and with snapshots a row that was changed since it was read. */
    @Override
    public boolean isSerializationFailure(SQLException e) {
        return e.getErrorCode() == ROW_CHANGED || super.isSerializationFailure(e);
    }

    /** MySQL's own driver calls a wait in vain, as it calls a deadlock, 40001. */
    @Override
    public boolean isContention(SQLException e) {
        int code = e.getErrorCode();
        return super.isContention(e) || (state(e).equals("HY000") && (code == DEADLOCK || code == ROW_CHANGED));
    }

    @Override
    public boolean isLockTimeout(SQLException e) {
        return e.getErrorCode() == LOCK_WAIT || e.getErrorCode() == NOWAIT;
    }

    @Override
    public boolean isDeadlock(SQLException e) {
        return e.getErrorCode() == DEADLOCK;
    }
}
