package io.lockweave.jdbc.dialect;

import org.jspecify.annotations.Nullable;

/** MariaDB, through its own driver or MySQL's. */
final class MariaDbDialect extends MySqlDialect {

    private static final LeaseStatements LEASE =
            new LeaseStatements(UPSERT + " returning " + LeaseTable.KEY_COLUMNS, null, null, true, "", null, null);

    MariaDbDialect() {
        super("mariadb");
    }

    @Override
    boolean isNamed(String product, String version) {
        return product.contains("mariadb") || (product.contains("mysql") && version.contains("mariadb"));
    }

    @Override
    public LeaseStatements lease() {
        return LEASE;
    }

    @Override
    public @Nullable RowLockSql rows() {
        return MySqlRowLocks.MARIADB;
    }
}
