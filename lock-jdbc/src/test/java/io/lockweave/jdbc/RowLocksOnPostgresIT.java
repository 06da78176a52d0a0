package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUnavailableException;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /** The database counts the wait for each row anew. */
    @Test
    void theRowsOfAColumnAreWaitedForTogether() throws Exception {
        Connection first = lockedElsewhere(RowLock.of("article", 1));
        lockedElsewhere(RowLock.of("article", 2));
        Connection waiting = begin();
        execute(waiting, "set local statement_timeout = '61234ms'");
        Future<Duration> waiter = elsewhere(() -> {
            long start = System.nanoTime();
            assertThatThrownBy(() -> rowLocks.lock(
                            waiting,
                            RowLock.of("article", "news").column("category").waitTime(Duration.ofSeconds(2))))
                    .isInstanceOf(LockUnavailableException.class);
            return Duration.ofNanos(System.nanoTime() - start);
        });
        assertThatThrownBy(() -> waiter.get(1500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        first.commit();
        assertThat(result(waiter)).isBetween(Duration.ofSeconds(2), Duration.ofMillis(3000));

        assertThat(rowLocks.lock(
                        waiting, RowLock.of("article", "old").column("category").waitTime(Duration.ofSeconds(2))))
                .hasSize(1);
        try (var statement = waiting.createStatement();
                var row = statement.executeQuery("show statement_timeout")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo("61234ms");
        }
    }

    private static String setting(Connection connection) throws Exception {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("show lock_timeout")) {
            row.next();
            return row.getString(1);
        }
    }
}
