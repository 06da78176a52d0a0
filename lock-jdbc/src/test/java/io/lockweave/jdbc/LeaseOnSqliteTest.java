package io.lockweave.jdbc;

import io.lockweave.spi.Capability;
import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testkit.contract.StoreHook;
import java.util.Set;

class LeaseOnSqliteTest extends LeaseBackendContract implements StoreHook.RunsElsewhere {

    @Override
    TestDatabase database() {
        return TestDatabase.SQLITE;
    }

    @Override
    public ForkedHolder.Recipe recipe() {
        return ForkedHolder.Recipe.of(Maker.class, database().url(), table());
    }

    @Override
    protected Set<Capability> capabilities() {
        Set<Capability> can = super.capabilities();
        can.remove(Capability.TOGETHER);
        return can;
    }
}
