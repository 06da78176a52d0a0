package io.lockweave.jdbc.dialect;

/** SQL Server, not run on a real server: standard SQL for the lock table. */
final class SqlServerDialect extends Dialect {

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
    public boolean hasNetworkTimeout() {
        return true;
    }
}
