package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUnavailableException;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RowLocksOnPostgresIT extends RowLocksContract {

    @Override
    TestDatabase database() {
        return TestDatabase.POSTGRESQL;
    }

    @Test
    void strengthsAreThoseOfTheDatabase() throws Exception {
        lockedElsewhere(RowLock.of("article", 1).strength(RowStrength.SHARE));
        lockedElsewhere(RowLock.of("article", 2).strength(RowStrength.NO_KEY_UPDATE));
        Connection other = begin();
        assertThat(rowLocks.lock(
                        other,
                        RowLock.of("article", 1).strength(RowStrength.SHARE).noWait()))
                .hasSize(1);
        assertThat(rowLocks.lock(
                        other,
                        RowLock.of("article", 2).strength(RowStrength.KEY_SHARE).noWait()))
                .hasSize(1);
        assertThatThrownBy(() -> rowLocks.lock(other, RowLock.of("article", 1).noWait()))
                .isInstanceOf(LockUnavailableException.class);
        assertThatThrownBy(() -> rowLocks.lock(
                        other,
                        RowLock.of("article", 2).strength(RowStrength.SHARE).noWait()))
                .isInstanceOf(LockUnavailableException.class);
    }

    @Test
    void theUsersOwnLockTimeoutIsPutBack() throws Exception {
        Connection connection = begin();
        execute(connection, "set local lock_timeout = '1234ms'");
        rowLocks.lock(connection, RowLock.of("article", 1).waitTime(Duration.ofSeconds(5)));
        assertThat(setting(connection)).isEqualTo("1234ms");

        lockedElsewhere(RowLock.of("article", 2));
        assertThatThrownBy(
                        () -> rowLocks.lock(connection, RowLock.of("article", 2).waitTime(SHORT)))
                .isInstanceOf(LockUnavailableException.class);
        assertThat(setting(connection)).isEqualTo("1234ms");
        assertThatThrownBy(() -> rowLocks.lock(connection, RowLock.of("article", 2)))
                .as("the database's own setting")
                .isInstanceOf(LockUnavailableException.class);
    }

    private static String setting(Connection connection) throws Exception {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("show lock_timeout")) {
            row.next();
            return row.getString(1);
        }
    }
}
