package io.lockweave.testkit.contract;

import io.lockweave.local.LocalBackend;
import io.lockweave.spi.Capability;
import io.lockweave.spi.LockBackend;
import java.util.EnumSet;
import java.util.Set;

class LocalContractTest extends BackendContract {

    @Override
    protected LockBackend newBackend() {
        return new LocalBackend();
    }

    @Override
    protected Set<Capability> capabilities() {
        return EnumSet.of(Capability.SHARED, Capability.PERMITS, Capability.FAIR, Capability.DURABLE_FENCE);
    }
}
