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
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import io.lockweave.testservers.database.Signals;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A lease table in a real PostgreSQL that is killed, frozen, cut off and full. */
class PostgresFailuresIT extends PostgresFailures {

    private LeaseBuilder lease(HikariDataSource pool) {
        return JdbcBackend.lease(pool).initializeSchema(true).timeout(Duration.ofSeconds(1));
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

    private void killAllButMine() throws SQLException {
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

    /**
     * Threads that each hold the one connection they need, and wait for a lock: none waits for a second one of its
     * pool.
     */
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
}
