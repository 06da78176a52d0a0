package io.lockweave.jdbc.dialect;

import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** H2. */
final class H2Dialect extends Dialect {

    private static final int CONCURRENT_UPDATE = 90131;
    private static final int LOCK_TIMEOUT = 50200;
    private static final int DEADLOCK = 40001;

    private static final String TAKEN = "select " + LeaseTable.KEY_COLUMNS + " from final table (";

    private static final LeaseStatements LEASE = new LeaseStatements(
            TAKEN + LeaseTable.UPDATE + ")", null, TAKEN + LeaseTable.INSERT + ")", true, "", null, null);

    private static final RowLockSql ROWS = new RowLockSql() {
        @Override
        String waiting(long millis) {
            return String.format(Locale.ROOT, " wait %.3f", millis / 1e3);
        }

        @Override
        public String transactionId() {
            return "select transaction_id()";
        }

        @Override
        public String transactionColumn() {
            return ", transaction_id()";
        }
    };

    H2Dialect() {
        super("h2");
    }

    @Override
    boolean isNamed(String product, String version) {
        return product.contains("h2");
    }

    @Override
    public String clock(TableName table) {
        return "cast(extract(epoch from current_timestamp(6)) * 1000000 as bigint)";
    }

    @Override
    public boolean locksByReading() {
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
    public @Nullable RowLockSql rows() {
        return ROWS;
    }

    @Override
    public boolean isContention(SQLException e) {
        return super.isContention(e) || e.getErrorCode() == CONCURRENT_UPDATE;
    }

    @Override
    public boolean isLockTimeout(SQLException e) {
        return e.getErrorCode() == LOCK_TIMEOUT;
    }

    @Override
    public boolean isDeadlock(SQLException e) {
        return e.getErrorCode() == DEADLOCK;
    }
}
