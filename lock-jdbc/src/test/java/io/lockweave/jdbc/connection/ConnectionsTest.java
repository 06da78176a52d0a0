package io.lockweave.jdbc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.exceptions.MySQLTransactionRollbackException;
import io.lockweave.LockBackendException;
import io.lockweave.jdbc.TestDatabase;
import io.lockweave.jdbc.WatchedDataSource;
import io.lockweave.jdbc.dialect.Dialects;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** When a call is done again. */
class ConnectionsTest {

    private final AtomicInteger tries = new AtomicInteger();

    private static Connections connections(Duration timeout) {
        return new Connections(TestDatabase.H2.pool(), timeout);
    }

    @Test
    void whatTheDatabaseUndidIsDoneAgain() {
        String answer = connections(Duration.ofMinutes(1)).call("Trying", connection -> {
            if (tries.incrementAndGet() < 5) {
                throw new SQLTransactionRollbackException("a deadlock", "40001");
            }
            return "done";
        });
        assertThat(answer).isEqualTo("done");
    }

    @Test
    void contentionIsNotWaitedForLongerThanTheCallHasTime() {
        assertThatThrownBy(() -> connections(Duration.ofMillis(400)).call("Trying", connection -> {
                    tries.incrementAndGet();
                    pause(Duration.ofMillis(150));
                    throw new SQLTransactionRollbackException("a slow deadlock", "40001");
                }))
                .isInstanceOf(LockBackendException.class);
        assertThat(tries.get()).isBetween(1, 2);
    }

    @Test
    void aRowThatWasWaitedForInVainIsNotWaitedForAgain() {
        Map<String, SQLException> failures = Map.of(
                "mysql", new MySQLTransactionRollbackException("Lock wait timeout exceeded", "40001", 1205),
                "derby", new SQLTransactionRollbackException("a lock could not be obtained", "40XL1", 30_000));
        failures.forEach((database, e) -> {
            tries.set(0);
            assertThatThrownBy(() -> new Connections(
                                    TestDatabase.H2.pool(), Duration.ofMinutes(1), Dialects.named(database))
                            .call("Trying", connection -> {
                                tries.incrementAndGet();
                                throw e;
                            }))
                    .isInstanceOfSatisfying(LockBackendException.class, failure -> assertThat(failure.retryable())
                            .isTrue());
            assertThat(tries).hasValue(1);
        });
    }

    @Test
    void aCallThatGotNoConnectionWasSurelyNotDone() {
        DataSource once = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection") && tries.incrementAndGet() == 1) {
                        throw new SQLException("no way to the database", "08001");
                    }
                    return WatchedDataSource.call(TestDatabase.H2.pool(), method, arguments);
                });
        String answer = new Connections(once, Duration.ofMinutes(1))
                .call("Trying", connection -> "done", connection -> Optional.of("repaired"));
        assertThat(answer).isEqualTo("done");
        assertThat(tries).hasValue(2);
    }

    private static void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
