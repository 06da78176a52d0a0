package io.lockweave.jdbc;

import io.lockweave.spi.Capability;
import java.util.Set;
import org.junit.jupiter.api.condition.EnabledIf;

/** The lease table on a real Oracle. */
@EnabledIf(value = "io.lockweave.jdbc.RealServers#oracleIsThere", disabledReason = RealServers.SKIPPED)
class LeaseOnOracleServerIT extends LeaseBackendContract {

    @Override
    TestDatabase database() {
        return TestDatabase.ORACLE;
    }

    @Override
    protected Set<Capability> capabilities() {
        Set<Capability> can = super.capabilities();
        can.remove(Capability.TOGETHER);
        return can;
    }
}
