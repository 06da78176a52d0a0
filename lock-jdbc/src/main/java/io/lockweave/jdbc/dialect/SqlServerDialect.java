package io.lockweave.jdbc.dialect;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** SQL Server, not run on a real server: standard SQL for the lock table. */
final class SqlServerDialect extends Dialect {

    private static final int LOCK_TIMEOUT = 1222;
    private static final int DEADLOCK = 1205;
    private static final int SNAPSHOT_CONFLICT = 3960;

    SqlServerDialect() {
        super("sqlserver");
    }

    @Override
    boolean isNamed(String product, String version) {
        return product.contains("microsoft sql server");
    }

    @Override
    public String clock(TableName table) {
        return "datediff_big(microsecond, '19700101', sysutcdatetime())";
    }

    @Override
    public String firstRows(int rows) {
        return " offset 0 rows fetch next " + rows + " rows only";
    }

    @Override
    public boolean hasNetworkTimeout() {
        return true;
    }

    @Override
    public @Nullable RowLockSql rows() {
        return SqlServerRowLocks.ONE;
    }

    @Override
    public boolean isLockTimeout(SQLException e) {
        return e.getErrorCode() == LOCK_TIMEOUT;
    }

    /** On MySQL the same code is that of a wait in vain. */
    @Override
    public boolean isDeadlock(SQLException e) {
        return e.getErrorCode() == DEADLOCK;
    }

    @Override
    public boolean isContention(SQLException e) {
        return super.isContention(e) || isDeadlock(e) || isSerializationFailure(e);
    }

    @Override
    public boolean isSerializationFailure(SQLException e) {
        return e.getErrorCode() == SNAPSHOT_CONFLICT;
    }
}
