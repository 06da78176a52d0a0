package io.lockweave.jdbc;

import io.lockweave.spi.Capability;
import java.util.Set;
import org.junit.jupiter.api.condition.EnabledIf;

/** The lease table on a real SQL Server. */
@EnabledIf(value = "io.lockweave.jdbc.RealServers#sqlServerIsThere", disabledReason = RealServers.SKIPPED)
class LeaseOnSqlServerServerIT extends LeaseBackendContract {

    @Override
    TestDatabase database() {
        return TestDatabase.SQLSERVER;
    }

    @Override
    protected Set<Capability> capabilities() {
        Set<Capability> can = super.capabilities();
        can.remove(Capability.TOGETHER);
        return can;
    }
}
