package io.lockweave.jdbc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.LockBackendException;
import io.lockweave.jdbc.TestDatabase;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection is waited for within the caller's time, however long its data source would wait. */
@Timeout(60)
class NoConnectionTest {

    private static final Duration TIMEOUT = Duration.ofMillis(50);

    private final CountDownLatch free = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final List<Connection> given = new ArrayList<>();

    /** What a pool does that has none left. */
    @FunctionalInterface
    private interface Exhausted {
        void await() throws SQLException, InterruptedException;
    }

    @AfterEach
    void free() {
        free.countDown();
    }

    private DataSource pool(Exhausted exhausted) {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("isWrapperFor")) {
                        return false;
                    }
                    if (!method.getName().equals("getConnection")) {
                        throw new AssertionError(method);
                    }
                    asked.incrementAndGet();
                    exhausted.await();
                    Connection connection = TestDatabase.H2.pool().getConnection();
                    synchronized (given) {
                        given.add(connection);
                    }
                    return connection;
                });
    }

    private Connections waiting() {
        return new Connections(pool(free::await), TIMEOUT);
    }

    @Test
    void rule08_aCallDoesNotWaitAsLongAsThePoolWould() {
        try (Connections connections = waiting()) {
            assertThatThrownBy(() -> connections.call("Releasing", connection -> "done"))
                    .isInstanceOfSatisfying(LockBackendException.class, e -> assertThat(e.retryable())
                            .isTrue())
                    .hasMessageContaining("Releasing failed: no connection came within")
                    .hasMessageContaining("To fix it: give the locks connections of their own");
            assertThatThrownBy(() -> connections.callWithin(Duration.ZERO, "Asking", connection -> "done"))
                    .isInstanceOfSatisfying(LockBackendException.class, e -> assertThat(e.retryable())
                            .isFalse());
        }
    }

    @Test
    void rule14_notMoreThanTwoAskAtOnceAndWhatComesTooLateGoesBack() {
        try (Connections connections = waiting()) {
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> connections.call("Asking", connection -> "done"))
                        .isInstanceOf(LockBackendException.class);
            }
            assertThat(asked).hasValueBetween(1, 2);
            free.countDown();
            await().until(() -> connections
                    .callWithin(Duration.ofSeconds(30), "Asking", connection -> "done")
                    .equals("done"));
            assertThat(asked).hasValueBetween(2, 3);
            await().untilAsserted(() -> {
                synchronized (given) {
                    assertThat(given).allMatch(NoConnectionTest::isClosed);
                }
            });
        }
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whoever asks may keep a connection that others wait for. */
    @Test
    void aPoolThatHasWaitedAsLongAsItDoesIsNotAskedAgain() {
        DataSource pool = pool(() -> {
            throw new SQLTransientConnectionException("Connection is not available, request timed out after 30000ms");
        });
        try (Connections connections = new Connections(pool, Duration.ofMinutes(1))) {
            assertThatThrownBy(() -> connections.callWithin(Duration.ofMinutes(1), "Asking", connection -> "done"))
                    .isInstanceOfSatisfying(LockBackendException.class, e -> assertThat(e.retryable())
                            .isFalse())
                    .hasMessageContaining("request timed out after 30000ms");
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void rule08_anInterruptWhileItWaitsIsNotLost() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        AtomicReference<Thread> caller = new AtomicReference<>();
        Exhausted untilFree = () -> {
            waits.countDown();
            free.await();
        };
        try (Connections connections = new Connections(pool(untilFree), TIMEOUT)) {
            CompletableFuture<Boolean> call = CompletableFuture.supplyAsync(() -> {
                caller.set(Thread.currentThread());
                String answer = connections.callWithin(
                        Duration.ofSeconds(30),
                        "Asking",
                        connection -> Thread.currentThread().isInterrupted() ? "interrupted" : "done");
                return answer.equals("done") && Thread.interrupted();
            });
            waits.await();
            caller.get().interrupt();
            free.countDown();
            assertThat(call.get()).isTrue();
        }
    }
}
