package io.lockweave.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.spi.Capability;
import java.util.EnumSet;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract with a pool whose connections come without auto-commit and with the strictest isolation. */
class LeaseOnStrictPostgresIT extends LeaseBackendContract {

    private static HikariDataSource strict;

    @BeforeAll
    static void open() {
        strict = TestDatabase.POSTGRESQL.newPool(16, config -> {
            config.setAutoCommit(false);
            config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
        });
    }

    @AfterAll
    static void close() {
        strict.close();
    }

    @Override
    TestDatabase database() {
        return TestDatabase.POSTGRESQL;
    }

    @Override
    DataSource pool() {
        return strict;
    }

    @Override
    String table() {
        return "lockweave_strict";
    }

    @Override
    protected Set<Capability> capabilities() {
        Set<Capability> can = EnumSet.copyOf(super.capabilities());
        can.add(Capability.PUSH);
        return can;
    }
}
