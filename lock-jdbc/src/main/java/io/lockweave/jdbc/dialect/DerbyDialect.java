package io.lockweave.jdbc.dialect;

import java.sql.SQLException;

/** Derby has no clock without a time zone but a function that its schema creates. */
final class DerbyDialect extends Dialect {

    private static final String LOCK_WAIT = "40XL1";

    DerbyDialect() {
        super("derby");
    }

    @Override
    boolean isNamed(String product, String version) {
        return product.contains("derby");
    }

    @Override
    public String clock(TableName table) {
        return "(" + table.schemaPrefix() + "lockweave_millis() * 1000)";
    }

    @Override
    public String firstRows(int rows) {
        return " fetch first " + rows + " rows only";
    }

    @Override
    public boolean isLockTimeout(SQLException e) {
        return state(e).equals(LOCK_WAIT);
    }
}
