package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import io.lockweave.testservers.database.PostgresServer;
import io.lockweave.testservers.database.Signals;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real PostgreSQL that is killed, frozen, cut off and full, with locks in it. */
@Timeout(120)
class PostgresFailuresIT {

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        // Commits do not wait for anything, unless the lock sees to it.
        server = PostgresServer.launch(Map.of("synchronous_commit", "off", "wal_writer_delay", "10000ms"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HikariDataSource pool(int size) {
        return TestDatabase.newPool(server.url(), size);
    }

    private static LeaseBuilder lease(HikariDataSource pool) {
        return JdbcBackend.lease(pool).initializeSchema(true).timeout(Duration.ofSeconds(1));
    }

    private static String query(String sql) throws SQLException {
        try (HikariDataSource pool = pool(1);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void awaitServer() {
        Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> query("select 1")
                .equals("1"));
    }

    @ParameterizedTest
    @EnumSource(
            value = LockMode.class,
            names = {"EXCLUSIVE", "SHARED"})
    void aLockSurvivesTheDeathOfTheServerRightAfterItWasGranted(LockMode mode) {
        LockKey key = Claims.newKey();
        Grant grant;
        try (HikariDataSource pool = pool(2);
                LockStore store = lease(pool).build()) {
            grant = Claims.granted(store, Claims.of(key, mode, Duration.ofMinutes(1)));
            server.kill();
            assertThatThrownBy(() -> store.tryAcquire(Claims.of(Claims.newKey())))
                    .isInstanceOfSatisfying(LockBackendException.class, e -> assertThat(e.retryable())
                            .isTrue());
        }
        server.start();
        awaitServer();
        try (HikariDataSource pool = pool(2);
                LockStore store = lease(pool).build()) {
            assertThat(Claims.isBusy(store, key)).isTrue();
            assertThat(store.renew(List.of(grant), Duration.ofMinutes(1))).containsExactly(Renewal.HELD);
            assertThat(store.release(grant)).isTrue();
            assertThat(Claims.granted(store, Claims.of(key)).fence()).isGreaterThan(grant.fence());
        }
    }

    @Test
    void aRenewalSurvivesTheDeathOfTheServerRightAfterIt() {
        LockKey key = Claims.newKey();
        try (HikariDataSource pool = pool(2);
                LockStore store = lease(pool).build()) {
            Grant grant = Claims.granted(store, Claims.of(key));
            assertThat(store.renew(List.of(grant), Duration.ofHours(1))).containsExactly(Renewal.HELD);
            server.kill();
        }
        server.start();
        awaitServer();
        try (HikariDataSource pool = pool(2);
                LockStore store = lease(pool).build()) {
            assertThat(store.find(key).orElseThrow().holders().get(0).leaseLeft())
                    .isGreaterThan(Duration.ofMinutes(30));
        }
    }

    @Test
    void aFrozenServerEndsACallInTimeAndTheNextOneWorks() throws Exception {
        try (HikariDataSource pool = pool(1);
                LockStore store = lease(pool).listen(false).build()) {
            long pid;
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
                row.next();
                pid = row.getLong(1);
            }
            Signals.freeze(pid);
            long start = System.nanoTime();
            try {
                assertThatThrownBy(() -> store.tryAcquire(Claims.of(Claims.newKey())))
                        .isInstanceOfSatisfying(LockBackendException.class, e -> assertThat(e.retryable())
                                .isTrue());
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .isBetween(Duration.ofMillis(900), Duration.ofSeconds(10));
            } finally {
                Signals.thaw(pid);
            }
            assertThat(store.release(Claims.granted(store, Claims.of(Claims.newKey()))))
                    .isTrue();
        }
    }

    @Test
    void connectionsThatAreKilledHarmNoLease() throws Exception {
        try (HikariDataSource pool = pool(3);
                LockStore store = lease(pool).build()) {
            LockKey key = Claims.newKey();
            Grant grant = Claims.granted(store, Claims.of(key));
            killAllButMine();
            Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> assertThat(
                            store.renew(List.of(grant), Duration.ofMinutes(1)))
                    .containsExactly(Renewal.HELD));
            assertThat(store.release(grant)).isTrue();
        }
    }

    private static void killAllButMine() throws SQLException {
        query("select count(pg_terminate_backend(pid)) from pg_stat_activity"
                + " where datname = 'postgres' and pid <> pg_backend_pid()");
    }

    @Test
    void aWaiterIsWokenByAReleaseElsewhere() throws Exception {
        try (HikariDataSource pool = pool(6);
                Locks here = Locks.builder(lease(pool).build()).build();
                Locks there = Locks.builder(lease(pool).build()).build()) {
            LockKey key = Claims.newKey();
            List<Long> millis = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                HeldLock held = here.acquire(key);
                FutureTask<Long> waiter = LeaseTableContract.start(() -> {
                    there.acquire(key).close();
                    return System.nanoTime();
                });
                Awaitility.await().until(() -> !there.inspect(key).waiters().isEmpty());
                TimeUnit.MILLISECONDS.sleep(50); // so that it has asked, been refused, and sleeps
                long released = System.nanoTime();
                held.close();
                millis.add(TimeUnit.NANOSECONDS.toMillis(waiter.get(30, TimeUnit.SECONDS) - released));
            }
            millis.sort(null);
            assertThat(millis.get(5)).as("the middle one of %s", millis).isLessThan(200); // it polls once a second
        }
    }

    @Test
    void aWaiterEntersAlsoIfTheListeningConnectionIsKilled() throws Exception {
        try (HikariDataSource pool = pool(6);
                Locks here = Locks.builder(lease(pool).build()).build();
                Locks there = Locks.builder(lease(pool).build()).build()) {
            LockKey key = Claims.newKey();
            for (int i = 0; i < 3; i++) {
                HeldLock held = here.acquire(key);
                FutureTask<Boolean> waiter = LeaseTableContract.start(() -> {
                    there.acquire(key).close();
                    return true;
                });
                Awaitility.await().until(() -> !there.inspect(key).waiters().isEmpty());
                killAllButMine();
                held.close();
                assertThat(waiter.get(20, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    /** Threads that each hold the one connection they need, and wait for a lock: none waits for a second one of its pool. */
    @Test
    void aSmallPoolOfBusinessConnectionsBesideOneConnectionForLocksIsNoDeadlock() throws Exception {
        try (HikariDataSource business = pool(4);
                HikariDataSource forLocks = pool(1);
                Locks locks =
                        Locks.builder(lease(forLocks).listen(false).build()).build()) {
            AtomicInteger done = new AtomicInteger();
            List<FutureTask<Integer>> workers = new ArrayList<>();
            LockKey key = Claims.newKey();
            for (int i = 0; i < 16; i++) {
                workers.add(LeaseTableContract.start(() -> {
                    for (int n = 0; n < 5; n++) {
                        try (Connection connection = business.getConnection()) {
                            connection.setAutoCommit(false);
                            locks.run(
                                    key,
                                    LockOptions.defaults().waitTime(Duration.ofSeconds(60)),
                                    done::incrementAndGet);
                            connection.commit();
                        }
                    }
                    return 5;
                }));
            }
            for (FutureTask<Integer> worker : workers) {
                assertThat(worker.get(60, TimeUnit.SECONDS)).isEqualTo(5);
            }
            assertThat(done).hasValue(80);
        }
    }

    @Test
    void aReleaseThatFailsLeavesTheResultAndTheLeaseToEnd() throws Exception {
        try (HikariDataSource pool = pool(2)) {
            FailingDataSource dataSource = new FailingDataSource(pool);
            LockKey key = Claims.newKey();
            LockStore store = JdbcBackend.lease(dataSource)
                    .initializeSchema(true)
                    .listen(false)
                    .build();
            try (Locks locks = Locks.builder(store)
                            .leaseTime(Duration.ofSeconds(2))
                            .build();
                    LockStore other = lease(pool).build()) {
                Throwable failure = null;
                AtomicInteger ran = new AtomicInteger();
                try {
                    locks.run(key, () -> {
                        ran.incrementAndGet();
                        dataSource.fail(true);
                    });
                } catch (LockException e) {
                    failure = e;
                }
                assertThat(ran).hasValue(1);
                assertThat(failure == null || failure instanceof LockBackendException)
                        .isTrue();
                dataSource.fail(false);
                Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !Claims.isBusy(other, key));
            }
        }
    }

    @Test
    void aRoleThatMayOnlyReadIsToldWhatItLacks() throws Exception {
        try (HikariDataSource owner = pool(1)) {
            lease(owner).table("guarded_lock").listen(false).build().close();
        }
        query("select 1 from (select 1) x"); // the server is up
        try (HikariDataSource owner = pool(1);
                Connection connection = owner.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop role if exists reader");
            statement.execute("create role reader login password 'reader'");
            statement.execute("grant select on guarded_lock to reader");
        }
        String url = server.url().replace("user=postgres&password=postgres", "user=reader&password=reader");
        try (HikariDataSource reader = TestDatabase.newPool(url, 1)) {
            assertThatThrownBy(() ->
                            JdbcBackend.lease(reader).table("guarded_lock").build())
                    .isInstanceOfSatisfying(LockBackendException.class, e -> assertThat(e.retryable())
                            .isFalse())
                    .hasMessageContaining("INSERT")
                    .hasMessageContaining("GRANT SELECT, INSERT, UPDATE, DELETE ON \"guarded_lock\" TO reader");
            assertThatThrownBy(() ->
                            JdbcBackend.lease(reader).table("lockweave_lock").build())
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("may not be read");
        }
    }

    @Test
    void aKilledSessionLosesItsLocksWithinASecondAndOnlyThose() throws Exception {
        try (HikariDataSource pool = pool(4);
                LockStore first = JdbcBackend.session(pool).build();
                LockStore second = JdbcBackend.session(pool).build()) {
            List<String> lost = new ArrayList<>();
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
                List<String> lost = new ArrayList<>();
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
            long server = PostgresFailuresIT.server.pid();
            Signals.freeze(server);
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
                Signals.thaw(server);
            }
        }
        awaitServer();
    }

    /** An interrupt closes the socket on which a virtual thread waits; here the driver is made to do so on any thread. */
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
                    () -> LockSession.open(
                            interruptible, new Bounds(Duration.ofSeconds(5)), SessionSql.of(Database.POSTGRESQL)),
                    true,
                    () -> {})) {
                List<String> lost = new ArrayList<>();
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
        return type.cast(
                Proxy.newProxyInstance(PostgresFailuresIT.class.getClassLoader(), new Class<?>[] {type}, handler));
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
                    () -> LockSession.open(
                            pooler, new Bounds(Duration.ofSeconds(5)), SessionSql.of(Database.POSTGRESQL)),
                    true,
                    () -> {});
            List<String> lost = new ArrayList<>();
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
}
