package io.lockweave.jdbc;

import io.lockweave.spi.Capability;
import java.util.Set;

class SessionOnMariaDbIT extends SessionBackendContract {

    @Override
    TestDatabase database() {
        return TestDatabase.MARIADB;
    }

    @Override
    String kill(long session) {
        return "kill " + session;
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(Capability.FREED_ON_DISCONNECT, Capability.CROSS_PROCESS, Capability.DURABLE_FENCE);
    }
}
