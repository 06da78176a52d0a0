package io.lockweave.jdbc;

import org.junit.jupiter.api.condition.EnabledIf;

/** The lease table on a real MySQL. */
@EnabledIf(value = "io.lockweave.jdbc.RealServers#mySqlIsThere", disabledReason = RealServers.SKIPPED)
class LeaseOnMySqlServerIT extends LeaseBackendContract {

    @Override
    TestDatabase database() {
        return TestDatabase.MYSQL;
    }
}
