package io.lockweave.jdbc.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.jdbc.Claims;
import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.jdbc.LeaseTableContract;
import io.lockweave.jdbc.PostgresFailures;
import io.lockweave.jdbc.TestDatabase;
import io.lockweave.jdbc.WatchedDataSource;
import io.lockweave.jdbc.connection.CallTimeout;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.Dialects;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import io.lockweave.testservers.database.Signals;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Session locks in a real PostgreSQL whose sessions are killed, frozen and switched. */
class PostgresSessionFailuresIT extends PostgresFailures {

    private static final Dialect POSTGRES = Dialects.named("postgresql");

    @Test
    void aKilledSessionLosesItsLocksWithinASecondAndOnlyThose() throws Exception {
        try (HikariDataSource pool = pool(4);
                LockStore first = JdbcBackend.session(pool).build();
                LockStore second = JdbcBackend.session(pool).build()) {
            List<String> lost = new CopyOnWriteArrayList<>();
            first.onLost((owner, why) -> lost.add(owner));
            LockKey kept = Claims.newKey();
            Grant other = Claims.granted(second, Claims.of(kept));
            List<String> owners = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                owners.add(Claims.granted(first, Claims.of(Claims.newKey())).owner());
            }
            long session = ((SessionStore) first).sessionId().orElseThrow();
            long start = System.nanoTime();
            query("select pg_terminate_backend(" + session + ")");
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> lost.size() == 5);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            assertThat(lost).containsExactlyInAnyOrderElementsOf(owners);
            assertThat(second.renew(List.of(other), Duration.ofMinutes(1))).containsExactly(Renewal.HELD);
            assertThat(first.release(Claims.granted(first, Claims.of(Claims.newKey()))))
                    .isTrue();
        }
    }

    @Test
    void whoMayNotEndTheSessionOfAnotherKeepsItsOwnLocks() throws Exception {
        try (HikariDataSource owner = pool(2);
                Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop role if exists plain");
            statement.execute("create role plain login password 'plain'");
            String url = server.url().replace("user=postgres&password=postgres", "user=plain&password=plain");
            try (HikariDataSource plain = TestDatabase.newPool(url, 1);
                    LockStore strong = JdbcBackend.session(owner).build();
                    LockStore weak = JdbcBackend.session(plain).build()) {
                LockKey key = Claims.newKey();
                Claims.granted(strong, Claims.of(key));
                List<String> lost = new CopyOnWriteArrayList<>();
                weak.onLost((who, why) -> lost.add(who));
                Grant own = Claims.granted(weak, Claims.of(Claims.newKey()));

                assertThatThrownBy(() -> weak.forceRelease(key))
                        .isInstanceOfSatisfying(LockBackendException.class, e -> assertThat(e.retryable())
                                .isFalse())
                        .hasMessageContaining("42501");
                assertThat(lost).isEmpty();
                assertThat(weak.renew(List.of(own), Duration.ofMinutes(1))).containsExactly(Renewal.HELD);
                assertThat(weak.release(own)).isTrue();
                assertThat(Claims.isBusy(weak, key)).isTrue();
            }
        }
    }

    /** All locks of a session share one connection; when it hangs, each caller waits for one time-out, not for all. */
    @Test
    void callersOfAFrozenSessionFailTogether() throws Exception {
        try (HikariDataSource pool = pool(2);
                LockStore store =
                        JdbcBackend.session(pool).timeout(Duration.ofSeconds(1)).build()) {
            Claims.granted(store, Claims.of(Claims.newKey()));
            long session = ((SessionStore) store).sessionId().orElseThrow();
            long postgres = server.pid();
            Signals.freeze(postgres);
            Signals.freeze(session);
            try {
                long start = System.nanoTime();
                List<FutureTask<Attempt>> callers = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    callers.add(LeaseTableContract.start(() -> store.tryAcquire(Claims.of(Claims.newKey()))));
                }
                for (FutureTask<Attempt> caller : callers) {
                    assertThatThrownBy(() -> caller.get(30, TimeUnit.SECONDS))
                            .cause()
                            .isInstanceOfSatisfying(LockBackendException.class, e -> assertThat(e.retryable())
                                    .isTrue());
                }
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
            } finally {
                Signals.thaw(session);
                Signals.thaw(postgres);
            }
        }
        awaitServer();
    }

    /**
     * An interrupt closes the socket on which a virtual thread waits; here the driver is made to do so on any thread.
     */
    @Test
    void anInterruptOfOneCallerLosesNobodysLock() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        AtomicBoolean slow = new AtomicBoolean();
        try (HikariDataSource pool = pool(1)) {
            DataSource interruptible = proxy(DataSource.class, (proxy, method, arguments) -> {
                Connection connection = (Connection) WatchedDataSource.call(pool, method, arguments);
                return proxy(Connection.class, (of, named, values) -> {
                    if (named.getName().equals("prepareStatement") && slow.get()) {
                        asked.countDown();
                        try {
                            answer.await();
                        } catch (InterruptedException e) {
                            throw new SQLException("the socket was closed by an interrupt", "08006", e);
                        }
                    }
                    return WatchedDataSource.call(connection, named, values);
                });
            });
            try (LockStore store = new SessionStore(
                    nanos -> LockSession.open(
                            interruptible.getConnection(),
                            new CallTimeout(Duration.ofSeconds(5)),
                            POSTGRES,
                            POSTGRES.session()),
                    POSTGRES,
                    true,
                    () -> {})) {
                List<String> lost = new CopyOnWriteArrayList<>();
                store.onLost((owner, why) -> lost.add(owner));
                Grant first = Claims.granted(store, Claims.of(Claims.newKey()));
                slow.set(true);
                AtomicBoolean flag = new AtomicBoolean();
                FutureTask<Grant> second = new FutureTask<>(() -> {
                    Grant grant = Claims.granted(store, Claims.of(Claims.newKey()));
                    flag.set(Thread.interrupted());
                    return grant;
                });
                Thread caller = new Thread(second, "interrupted");
                caller.start();
                assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
                caller.interrupt();
                answer.countDown();
                Grant granted = second.get(20, TimeUnit.SECONDS);
                assertThat(flag).as("the flag is still set").isTrue();
                assertThat(store.renew(List.of(first, granted), Duration.ofMinutes(1)))
                        .containsExactly(Renewal.HELD, Renewal.HELD);
                assertThat(lost).isEmpty();
            }
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(
                PostgresSessionFailuresIT.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** As PgBouncer in transaction mode: each statement may meet another session. */
    @Test
    void aPoolerThatSwitchesSessionsIsFoundOut() throws Exception {
        try (HikariDataSource pool = pool(3);
                Connection one = pool.getConnection();
                Connection other = pool.getConnection()) {
            AtomicInteger statements = new AtomicInteger();
            Connection switching = (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        boolean later = method.getName().equals("prepareStatement") && statements.incrementAndGet() > 2;
                        return WatchedDataSource.call(later ? other : one, method, arguments);
                    });
            DataSource pooler = (DataSource) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {DataSource.class},
                    (proxy, method, arguments) -> statements.get() == 0 ? switching : method.invoke(pool, arguments));
            LockStore store = new SessionStore(
                    nanos -> LockSession.open(
                            pooler.getConnection(),
                            new CallTimeout(Duration.ofSeconds(5)),
                            POSTGRES,
                            POSTGRES.session()),
                    POSTGRES,
                    true,
                    () -> {});
            List<String> lost = new CopyOnWriteArrayList<>();
            store.onLost((owner, why) -> lost.add(why));
            Claims.granted(store, Claims.of(Claims.newKey()));

            assertThatThrownBy(() -> store.tryAcquire(Claims.of(Claims.newKey())))
                    .isInstanceOfSatisfying(LockBackendException.class, e -> assertThat(e.retryable())
                            .isFalse())
                    .hasMessageContaining("pooler");
            assertThat(lost).singleElement().asString().contains("pooler");
            store.close();
        }
    }

    @Test
    void aSessionsConnectionGoesBackToItsPoolWithoutLocks() throws Exception {
        try (HikariDataSource pool = pool(2)) {
            LockStore store = JdbcBackend.session(pool).build();
            Claims.granted(store, Claims.of(Claims.newKey()));
            store.close();
            assertThat(query("select count(*) from pg_locks where locktype = 'advisory'"))
                    .isEqualTo("0");
            try (LockStore next = JdbcBackend.session(pool).build()) {
                Grant grant = Claims.granted(next, Claims.of(Claims.newKey(), LockMode.SHARED, Duration.ofMinutes(1)));
                assertThat(next.release(grant)).isTrue();
            }
            assertThat(query("select count(*) from pg_locks where locktype = 'advisory'"))
                    .isEqualTo("0");
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    /** A server or firewall closes sessions that nobody uses; as long as no lock was on it, nobody needs to know. */
    @Test
    void anIdleSessionThatTheServerClosedIsOpenedAnew() throws Exception {
        try (HikariDataSource pool = pool(4);
                LockStore store = JdbcBackend.session(pool).build()) {
            for (int round = 0; round < 3; round++) {
                assertThat(store.release(Claims.granted(store, Claims.of(Claims.newKey()))))
                        .isTrue();
                long session = ((SessionStore) store).sessionId().orElseThrow();
                query("select pg_terminate_backend(" + session + ")");
            }
        }
    }

    @Test
    void itIsBuiltOnAnInterruptedThreadToo() {
        try (HikariDataSource pool = pool(4)) {
            Thread.currentThread().interrupt();
            JdbcBackend.session(pool).build().close();
            assertThat(Thread.interrupted()).as("the flag stays").isTrue();
        }
    }

    @Test
    void whoHasNoTimeLeftGetsASessionTooIfThatTakesNoMoreThanToOpenIt() {
        try (HikariDataSource pool = pool(2)) {
            DataSource unknown = proxy(
                    DataSource.class,
                    (self, method, arguments) ->
                            method.getName().equals("isWrapperFor") ? false : method.invoke(pool, arguments));
            try (LockStore store = JdbcBackend.session(unknown).build()) {
                assertThat(store.tryAcquire(Claims.of(Claims.newKey()), Duration.ZERO))
                        .isInstanceOf(Attempt.Granted.class);
            }
        }
    }

    /** Whatever pool it is: not all have a time-out that can be read and set. */
    @Test
    void aPoolThatHasNoneLeftIsWaitedForWithinTheCallersTime() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        try (HikariDataSource pool = pool(2)) {
            DataSource full = proxy(DataSource.class, (self, method, arguments) -> {
                if (method.getName().equals("getConnection") && asked.incrementAndGet() > 1) {
                    free.await();
                }
                return method.getName().equals("isWrapperFor") ? false : method.invoke(pool, arguments);
            });
            try (LockStore store =
                    JdbcBackend.session(full).timeout(Duration.ofMillis(1_200)).build()) {
                Claim claim = Claims.of(Claims.newKey());
                assertThatThrownBy(() -> store.tryAcquire(claim, Duration.ofMillis(20)))
                        .isInstanceOf(LockBackendException.class)
                        .hasMessageContaining("no connection came within 1000 ms");
                assertThatThrownBy(() -> store.tryAcquire(claim))
                        .isInstanceOf(LockBackendException.class)
                        .hasMessageContaining("no connection came within 1200 ms");
                free.countDown();
                Awaitility.await().untilAsserted(() -> assertThat(store.tryAcquire(claim, Duration.ofSeconds(5)))
                        .isInstanceOf(Attempt.Granted.class));
            }
        }
    }
}
