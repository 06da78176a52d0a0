package io.lockweave.jdbc;

import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testkit.contract.StoreHook;

class LeaseOnMySqlDriverIT extends LeaseBackendContract implements StoreHook.RunsElsewhere {

    /** The dialect of MySQL too: its statements run on MariaDB. */
    @Override
    LeaseBuilder builder() {
        return super.builder().dialect("mysql");
    }

    @Override
    TestDatabase database() {
        return TestDatabase.MARIADB_BY_MYSQL;
    }

    @Override
    public ForkedHolder.Recipe recipe() {
        return ForkedHolder.Recipe.of(Maker.class, database().url(), table());
    }
}
