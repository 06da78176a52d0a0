package io.lockweave.jdbc.dialect;

/** HSQLDB: standard SQL. */
final class HsqldbDialect extends Dialect {

    HsqldbDialect() {
        super("hsqldb");
    }

    @Override
    boolean isNamed(String product, String version) {
        return product.contains("hsql");
    }

    @Override
    public String clock(TableName table) {
        return "(unix_millis() * 1000)";
    }

    @Override
    public String firstRows(int rows) {
        return " limit " + rows;
    }
}
