package io.lockweave.jdbc;

import io.lockweave.spi.Capability;
import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testkit.contract.StoreHook;
import java.util.EnumSet;
import java.util.Set;

class LeaseOnPostgresIT extends LeaseBackendContract implements StoreHook.RunsElsewhere {

    @Override
    TestDatabase database() {
        return TestDatabase.POSTGRESQL;
    }

    @Override
    protected Set<Capability> capabilities() {
        Set<Capability> can = EnumSet.copyOf(super.capabilities());
        can.add(Capability.PUSH);
        return can;
    }

    @Override
    public ForkedHolder.Recipe recipe() {
        return ForkedHolder.Recipe.of(Maker.class, database().url(), table());
    }
}
