package io.lockweave.jdbc;

import javax.sql.DataSource;
import org.junit.jupiter.api.condition.EnabledIf;

/** The contract where each transaction may meet another session, and no notification arrives. */
@EnabledIf(value = "io.lockweave.jdbc.PgBouncer#isThere", disabledReason = PgBouncer.SKIPPED)
class LeaseBehindPgBouncerIT extends LeaseBackendContract {

    private static final class Behind {

        static final DataSource POOL = TestDatabase.newPool(PgBouncer.launch().url("&prepareThreshold=0"), 16);
    }

    @Override
    TestDatabase database() {
        return TestDatabase.POSTGRESQL;
    }

    @Override
    DataSource pool() {
        return Behind.POOL;
    }

    @Override
    String table() {
        return "lockweave_bouncer";
    }
}
