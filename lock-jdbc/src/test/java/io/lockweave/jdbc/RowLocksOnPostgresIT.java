package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.LockUnavailableException;
import io.lockweave.testkit.Together;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
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

    /** Where the table is, one look without waiting, the bound, the wait itself, and back to what was. */
    @Test
    void aBusyRowThatIsWaitedForCostsFiveRoundTrips() throws Exception {
        List<String> sent = new CopyOnWriteArrayList<>();
        try (Connection counted = RewrittenSql.of(TestDatabase.POSTGRESQL.pool(), sql -> {
                    sent.add(sql);
                    return sql;
                })
                .getConnection()) {
            counted.setAutoCommit(false);
            rowLocks.lock(counted, RowLock.of("article", 3)); // what is asked of a table once is known then
            Connection holder = begin();
            rowLocks.lock(holder, RowLock.of("article", 1));
            sent.clear();
            FutureTask<List<Object>> waiter = Together.start(
                    "waits",
                    () -> rowLocks.lock(counted, RowLock.of("article", 1).waitTime(Duration.ofSeconds(20))));
            await().atMost(Duration.ofSeconds(3))
                    .untilAsserted(() -> assertThat(sent).hasSize(4));
            holder.rollback();
            assertThat(waiter.get(20, TimeUnit.SECONDS)).hasSize(1);
            assertThat(sent).hasSize(5);
            counted.rollback();
        }
    }

    @Test
    void aRowThatStaysBusyLeavesTheTransactionAsItWas() throws Exception {
        Connection connection = begin();
        execute(connection, "savepoint lockweave_row"); // somebody else's of the same name
        execute(connection, "update article set points = 7 where id = 3");
        lockedElsewhere(RowLock.of("article", 1));
        assertThatThrownBy(
                        () -> rowLocks.lock(connection, RowLock.of("article", 1).waitTime(SHORT)))
                .isInstanceOf(LockUnavailableException.class);
        rowLocks.lock(connection, RowLock.of("article", 2).waitTime(SHORT));
        execute(connection, "rollback to savepoint lockweave_row");
        connection.commit();
        assertThat(number("select points from article where id = 3"))
                .as("undone by its own savepoint")
                .isZero();
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
