package io.lockweave.jdbc.dialect;

import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** MySQL, and what MariaDB shares with it. */
class MySqlDialect extends Dialect {

    private static final int LOCK_WAIT = 1205;
    private static final int NOWAIT = 3572;
    private static final int DEADLOCK = 1213;
    private static final int ROW_CHANGED = 1020;

    /**
     * As {@link LeaseTable#INSERT}, in one statement with the change of a row that is there. Assignments happen from left to
     * right: the end of the lease, by which the others judge, comes last. There is no condition for the change, so each
     * column keeps its value if somebody else holds the row.
     */
    static final String UPSERT = LeaseTable.INSERT + " on duplicate key update\n" + """
              fence = if(expires_at <= values(acquired_at), greatest(next_fence, values(acquired_at) * 1000), fence),
              next_fence = if(expires_at <= values(acquired_at),
                fence + values(next_fence) - values(fence), next_fence),
              lock_mode = if(expires_at <= values(acquired_at), 'E', lock_mode),
              permits = if(expires_at <= values(acquired_at), 1, permits),
              place = if(expires_at <= values(acquired_at), values(place), place),
              acquired_at = if(expires_at <= values(acquired_at), values(acquired_at), acquired_at),
              owner_token = if(expires_at <= values(acquired_at), values(owner_token), owner_token),
              expires_at = if(owner_token = values(owner_token), values(expires_at), expires_at)""";

    private static final LeaseStatements LEASE = new LeaseStatements(UPSERT, null, false, "", null, null);

    private static final SessionSql SESSION = new SessionSql(
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
    public SessionSql session() {
        return SESSION;
    }

    @Override
    public @Nullable RowLockSql rows() {
        return MySqlRowLocks.MYSQL;
    }

    @Override
    public Object bindable(Object value) {
        return value instanceof UUID ? value.toString() : value;
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
