package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowLocksOnH2Test extends RowLocksContract {

    @Override
    TestDatabase database() {
        return TestDatabase.H2;
    }

    @ParameterizedTest
    @EnumSource(
            value = RowStrength.class,
            names = {"NO_KEY_UPDATE", "SHARE", "KEY_SHARE"})
    void aStrengthTheDatabaseLacksIsAnErrorThatNamesBoth(RowStrength strength) throws Exception {
        Connection connection = begin();
        assertThatThrownBy(
                        () -> rowLocks.lock(connection, RowLock.of("article", 1).strength(strength)))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("h2")
                .hasMessageContaining(strength.name());
    }

    @ParameterizedTest
    @EnumSource(
            value = TestDatabase.class,
            names = {"SQLITE", "DERBY", "HSQLDB"})
    void aDatabaseWithoutRowLocksIsRefused(TestDatabase database) throws Exception {
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> rowLocks.lock(connection, RowLock.of("article", 1)))
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("FOR UPDATE")
                    .hasMessageContaining("To fix it");
            connection.rollback();
        }
    }

    @Test
    void aTableWithoutAPrimaryKeyWantsAColumn() throws Exception {
        database().execute("drop table if exists heap", "create table heap (id bigint)");
        Connection connection = begin();
        assertThatThrownBy(() -> rowLocks.lock(connection, RowLock.of("heap", 1)))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("primary key");
    }
}
