package io.lockweave.jdbc;

import io.lockweave.spi.Capability;
import java.util.Set;

class LeaseOnDerbyTest extends LeaseBackendContract {

    @Override
    TestDatabase database() {
        return TestDatabase.DERBY;
    }

    @Override
    protected Set<Capability> capabilities() {
        Set<Capability> can = super.capabilities();
        can.remove(Capability.TOGETHER);
        return can;
    }
}
