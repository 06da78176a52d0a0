package io.lockweave.jdbc;

import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testkit.contract.StoreHook;

class LeaseOnMariaDbIT extends LeaseBackendContract implements StoreHook.RunsElsewhere {

    @Override
    TestDatabase database() {
        return TestDatabase.MARIADB;
    }

    @Override
    public ForkedHolder.Recipe recipe() {
        return ForkedHolder.Recipe.of(Maker.class, database().url(), table());
    }
}
