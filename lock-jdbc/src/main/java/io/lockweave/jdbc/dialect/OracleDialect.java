package io.lockweave.jdbc.dialect;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Oracle, not run on a real server: standard SQL for the lock table. */
final class OracleDialect extends Dialect {

    private static final String SINCE_1970 = "sys_extract_utc(systimestamp) - timestamp '1970-01-01 00:00:00'";

    private static final int NOWAIT = 54;
    private static final int WAIT = 30006;
    private static final int DEADLOCK = 60;
    private static final int SERIALIZATION = 8177;

    private static final RowLockSql ROWS = new RowLockSql() {
        @Override
        String waiting(long millis) {
            return " wait " + seconds(millis);
        }
    };

    OracleDialect() {
        super("oracle");
    }

    @Override
    boolean isNamed(String product, String version) {
        return product.contains("oracle");
    }

    @Override
    public String clock(TableName table) {
        return ("(extract(day from (${utc})) * 86400000000 + extract(hour from (${utc})) * 3600000000"
                        + " + extract(minute from (${utc})) * 60000000"
                        + " + round(extract(second from (${utc})) * 1000000))")
                .replace("${utc}", SINCE_1970);
    }

    @Override
    public boolean hasNetworkTimeout() {
        return true;
    }

    @Override
    public String firstRows(int rows) {
        return " fetch first " + rows + " rows only";
    }

    @Override
    public @Nullable RowLockSql rows() {
        return ROWS;
    }

    /** The driver gives some of them no SQLSTATE of class 40. */
    @Override
    public boolean isContention(SQLException e) {
        return super.isContention(e) || isDeadlock(e) || isSerializationFailure(e);
    }

    @Override
    public boolean isSerializationFailure(SQLException e) {
        return e.getErrorCode() == SERIALIZATION;
    }

    @Override
    public boolean isLockTimeout(SQLException e) {
        return e.getErrorCode() == NOWAIT || e.getErrorCode() == WAIT;
    }

    @Override
    public boolean isDeadlock(SQLException e) {
        return e.getErrorCode() == DEADLOCK;
    }
}
