package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.jdbc.lease.LeaseStore;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The lease table beyond the contract of all backends: its manners with connections, lost replies, its clean-up. */
public abstract class LeaseTableContract extends LeaseSchemaContract {

    /** How many statements one claim and one release take where the row is there. */
    abstract int statementsOfAClaim();

    /** Statements to set up another time zone for a connection, or none. */
    List<String> timeZones() {
        return List.of();
    }

    @Test
    void aClaimAndAReleaseTakeFewStatements() {
        WatchedDataSource watch = new WatchedDataSource();
        try (LockStore ignored = store();
                LockStore store = JdbcBackend.lease(watch.watching(database().pool()))
                        .table(TABLE)
                        .listen(false)
                        .build()) {
            LockKey key = Claims.newKey();
            store.release(Claims.granted(store, Claims.of(key)));
            watch.statements.set(0);
            Grant grant = Claims.granted(store, Claims.of(key));
            assertThat(watch.statements.getAndSet(0)).as("of a claim").isEqualTo(statementsOfAClaim());
            assertThat(store.release(grant)).isTrue();
            assertThat(watch.statements.getAndSet(0)).as("of a release").isEqualTo(1);

            List<Grant> grants = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                grants.add(Claims.granted(store, Claims.of(Claims.newKey())));
            }
            watch.statements.set(0);
            assertThat(store.renew(grants, Duration.ofMinutes(1))).containsOnly(Renewal.HELD);
            assertThat(watch.statements.get()).as("of 100 renewals").isEqualTo(1);
        }
    }

    @Test
    void connectionsAreGivenBackAsTheyWereFound() throws Exception {
        for (boolean autoCommit : new boolean[] {true, false}) {
            dropTable();
            try (HikariDataSource pool = database().newPool(3, config -> {
                config.setAutoCommit(autoCommit);
                config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
            })) {
                WatchedDataSource watch = new WatchedDataSource();
                try (LockStore store = JdbcBackend.lease(watch.watching(pool))
                        .table(TABLE)
                        .initializeSchema(true)
                        .listen(false)
                        .keepFreeAsShortAs(Duration.ZERO)
                        .build()) {
                    for (LockMode mode : new LockMode[] {LockMode.EXCLUSIVE, LockMode.SHARED}) {
                        LockKey key = Claims.newKey();
                        Grant grant = Claims.granted(store, Claims.of(key, mode, Duration.ofMinutes(1)));
                        assertThat(Claims.isBusy(store, key)).isTrue();
                        assertThat(store.renew(List.of(grant), Duration.ofMinutes(1)))
                                .containsExactly(Renewal.HELD);
                        assertThat(store.find(key)).isPresent();
                        assertThat(store.list(10)).isNotEmpty();
                        assertThat(store.release(grant)).isTrue();
                        assertThat(store.forceRelease(key)).isFalse();
                    }
                    ((LeaseStore) store).cleanUpNow();
                }
                assertThat(watch.changed).isEmpty();
                assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
            }
        }
    }

    @Test
    void theCallersTransactionIsNoPartOfIt() throws Exception {
        dropIfThere("business");
        database().execute("create table business (id integer)");
        try (LockStore store = store();
                HikariDataSource businessPool = database().newPool(1);
                Connection business = businessPool.getConnection()) {
            LockKey key = Claims.newKey();
            business.setAutoCommit(false);
            Grant grant = Claims.granted(store, Claims.of(key));
            try (Statement statement = business.createStatement()) {
                statement.execute("insert into business values (1)");
            }
            business.rollback();
            assertThat(Claims.isBusy(store, key))
                    .as("after the business rolled back")
                    .isTrue();
            assertThat(store.release(grant)).isTrue();
            assertThat(number("select count(*) from business")).isZero();
        }
    }

    @Test
    void aReleaseWhoseConnectionDiesIsDoneAndSaysSo() {
        CutDataSource cut = new CutDataSource();
        try (LockStore ignored = store();
                LockStore store = JdbcBackend.lease(cut.cutting(database().pool()))
                        .table(TABLE)
                        .listen(false)
                        .build()) {
            for (CutDataSource.When when : CutDataSource.When.values()) {
                LockKey key = Claims.newKey();
                Grant grant = Claims.granted(store, Claims.of(key));
                cut.next.set(when);
                assertThat(store.release(grant)).as("cut %s", when).isTrue();
                assertThat(cut.next.get()).isNull();
                assertThat(store.release(grant)).as("a second release").isFalse();
                assertThat(Claims.isBusy(store, key)).isFalse();
            }
            LockKey shared = Claims.newKey();
            Grant reader = Claims.granted(store, Claims.of(shared, LockMode.SHARED, Duration.ofMinutes(1)));
            cut.next.set(CutDataSource.When.BEFORE);
            assertThat(store.release(reader)).isTrue();
        }
    }

    @Test
    void aClaimWhoseConnectionDiesIsAskedAgain() {
        CutDataSource cut = new CutDataSource();
        try (LockStore other = store();
                LockStore store = JdbcBackend.lease(cut.cutting(database().pool()))
                        .table(TABLE)
                        .listen(false)
                        .build()) {
            for (LockMode mode : new LockMode[] {LockMode.EXCLUSIVE, LockMode.SHARED}) {
                for (CutDataSource.When when : CutDataSource.When.values()) {
                    LockKey key = Claims.newKey();
                    cut.next.set(when);
                    Grant grant = Claims.granted(store, Claims.of(key, mode, Duration.ofMinutes(1)));
                    assertThat(cut.next.get()).isNull();
                    assertThat(Claims.isBusy(other, key)).isTrue();
                    assertThat(store.release(grant)).isTrue();
                    assertThat(Claims.isBusy(other, key)).isFalse();
                }
            }
        }
    }

    /** Lost, released by the first try, or released by force: what cannot be told is not made up. */
    @Test
    void aReleaseWhoseConnectionDiesDoesNotHideThatTheLockWasLost() throws Exception {
        CutDataSource cut = new CutDataSource();
        try (LockStore other = store();
                LockStore store = JdbcBackend.lease(cut.cutting(database().pool()))
                        .table(TABLE)
                        .listen(false)
                        .build()) {
            Grant ended = Claims.granted(store, Claims.of(Claims.newKey(), LockMode.EXCLUSIVE, Duration.ofMillis(1)));
            Grant taken = Claims.granted(store, Claims.of(Claims.newKey(), LockMode.EXCLUSIVE, Duration.ofMillis(1)));
            Grant forced = Claims.granted(store, Claims.of(Claims.newKey()));
            assertThat(other.forceRelease(forced.key())).isTrue();
            TimeUnit.MILLISECONDS.sleep(20); // past the leases of a millisecond
            Grant next = Claims.granted(other, Claims.of(taken.key()));

            cut.next.set(CutDataSource.When.BEFORE);
            assertThat(store.release(ended)).isFalse();
            for (Grant unclear : List.of(taken, forced)) {
                cut.next.set(CutDataSource.When.BEFORE);
                assertThatThrownBy(() -> store.release(unclear))
                        .isInstanceOf(LockBackendException.class)
                        .hasMessageContaining("cut");
            }
            cut.next.set(CutDataSource.When.AFTER);
            store.withdraw(taken.claim());
            assertThat(other.release(next)).isTrue();
        }
    }

    /** To ask again would keep waiting one of those who may have the connections. */
    @Test
    void aPoolThatIsUsedUpIsAFailureInBoundedTimeThatEndsTheWait() throws Exception {
        try (LockStore ignored = store();
                HikariDataSource pool = database().newPool(1, config -> config.setConnectionTimeout(250))) {
            try (LockStore store =
                            JdbcBackend.lease(pool).table(TABLE).listen(false).build();
                    Connection taken = pool.getConnection()) {
                long start = System.nanoTime();
                assertThatThrownBy(() -> store.tryAcquire(Claims.of(Claims.newKey())))
                        .isInstanceOfSatisfying(LockBackendException.class, e -> assertThat(e.retryable())
                                .isFalse());
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
                assertThat(taken.isClosed()).isFalse();
            }
        }
    }

    /** A row that another claim inserts after the look that should have locked it. */
    @Test
    void aRowThatComesInBetweenIsNotTakenForLocked() throws Exception {
        WatchedDataSource watch = new WatchedDataSource();
        try (LockStore other = store();
                LockStore store = JdbcBackend.lease(watch.watching(database().pool()))
                        .table(TABLE)
                        .listen(false)
                        .build()) {
            LockKey key = Claims.newKey();
            AtomicReference<FutureTask<Attempt>> theirs = new AtomicReference<>();
            watch.beforeReply.set(() -> {
                done(start(() -> other.release(Claims.granted(other, Claims.of(key)))));
                // after the next one, which reads the row
                watch.beforeStatement.set(() -> watch.beforeStatement.set(() -> {
                    theirs.set(start(() -> other.tryAcquire(Claims.of(key))));
                    done(theirs.get());
                }));
            });

            Attempt ours = store.tryAcquire(Claims.of(key, LockMode.SHARED, Duration.ofMinutes(1)));

            Attempt alone = theirs.get().get(30, TimeUnit.SECONDS);
            assertThat(List.of(ours, alone))
                    .as("a reader, and one who is to be alone")
                    .filteredOn(Attempt.Granted.class::isInstance)
                    .hasSizeLessThan(2);
        }
    }

    /** Waits until it is done, or has most likely come to wait for a row or a table that the caller has locked. */
    private static void done(FutureTask<?> task) {
        try {
            task.get(300, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // it waits for the caller
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void rowsAreKeptForATimeAndThenRemoved() throws Exception {
        try (LeaseStore keeps = (LeaseStore) store();
                LeaseStore removes =
                        (LeaseStore) builder().keepFreeAsShortAs(Duration.ZERO).build()) {
            List<Grant> held = new ArrayList<>();
            for (int i = 0; i < 700; i++) {
                keeps.release(Claims.granted(keeps, Claims.of(Claims.newKey())));
            }
            for (LockMode mode : new LockMode[] {LockMode.EXCLUSIVE, LockMode.SHARED}) {
                held.add(Claims.granted(keeps, Claims.of(Claims.newKey(), mode, Duration.ofMinutes(1))));
                Claims.granted(keeps, Claims.of(Claims.newKey(), mode, Duration.ofMillis(1)));
            }
            TimeUnit.MILLISECONDS.sleep(
                    20); // past the leases of a millisecond, and the millisecond that fences are ahead

            keeps.cleanUpNow();
            assertThat(number("select count(*) from " + TABLE)).isEqualTo(700 + 2 + 4);
            removes.cleanUpNow();
            assertThat(number("select count(*) from " + TABLE))
                    .as("one row, and one with its holder")
                    .isEqualTo(3);
            assertThat(keeps.renew(held, Duration.ofMinutes(1))).containsOnly(Renewal.HELD);
        }
    }

    @Test
    void cleaningUpBesideClaimsFreesNoLock() throws Exception {
        try (LeaseStore cleaner = (LeaseStore) builder()
                        .initializeSchema(true)
                        .keepFreeAsShortAs(Duration.ZERO)
                        .build();
                LockStore store = store()) {
            List<LockKey> keys = List.of(Claims.newKey(), Claims.newKey());
            AtomicInteger[] inside = {new AtomicInteger(), new AtomicInteger()};
            AtomicInteger entered = new AtomicInteger();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_500);
            List<FutureTask<Boolean>> tasks = new ArrayList<>();
            tasks.add(start(() -> {
                while (System.nanoTime() < end) {
                    cleaner.cleanUpNow();
                }
                return true;
            }));
            for (int i = 0; i < 4; i++) {
                int which = i % 2;
                LockMode mode = i < 2 ? LockMode.EXCLUSIVE : LockMode.SHARED;
                tasks.add(start(() -> {
                    while (System.nanoTime() < end) {
                        if (store.tryAcquire(Claims.of(keys.get(which), mode, Duration.ofMinutes(1)))
                                instanceof Attempt.Granted granted) {
                            assertThat(inside[which].incrementAndGet()).isEqualTo(1);
                            entered.incrementAndGet();
                            inside[which].decrementAndGet();
                            assertThat(store.release(granted.grant())).isTrue();
                        }
                    }
                    return true;
                }));
            }
            for (FutureTask<Boolean> task : tasks) {
                assertThat(task.get(30, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(entered).hasPositiveValue();
        }
    }

    @Test
    void aDatabaseClockThatJumpsAheadLosesTheLockAndOneThatJumpsBackKeepsIt() {
        try (LockStore store = store()) {
            LockKey ahead = Claims.newKey();
            Grant lost = Claims.granted(store, Claims.of(ahead));
            LockKey back = Claims.newKey();
            Grant kept = Claims.granted(store, Claims.of(back));
            long hour = Duration.ofHours(1).toNanos() / 1_000;
            database()
                    .execute(
                            "update " + TABLE + " set expires_at = expires_at - " + hour + " where owner_token = '"
                                    + lost.owner() + "'",
                            "update " + TABLE + " set expires_at = expires_at + " + hour
                                    + ", acquired_at = acquired_at + "
                                    + hour + ", next_fence = next_fence + " + hour * 1_000 + " where owner_token = '"
                                    + kept.owner() + "'");

            assertThat(store.renew(List.of(lost), Duration.ofMinutes(1))).containsExactly(Renewal.LOST);
            Grant next = Claims.granted(store, Claims.of(ahead));
            assertThat(next.fence()).isGreaterThan(lost.fence());
            assertThat(store.release(lost)).isFalse();

            assertThat(Claims.isBusy(store, back)).isTrue();
            assertThat(store.release(kept)).isTrue();
            assertThat(Claims.granted(store, Claims.of(back)).fence())
                    .as("the row remembers the fence of the clock that went wrong")
                    .isGreaterThan(kept.fence() + hour * 1_000 - 1);
        }
    }

    @Test
    void theSessionsTimeZoneDoesNotMatter() throws Exception {
        List<HikariDataSource> pools = new ArrayList<>();
        try (LockStore plain = store()) {
            LockKey key = Claims.newKey();
            Claims.granted(plain, Claims.of(key, LockMode.EXCLUSIVE, Duration.ofSeconds(50)));
            for (String zone : timeZones()) {
                HikariDataSource pool = new HikariDataSource();
                pools.add(pool);
                pool.setJdbcUrl(database().url());
                pool.setMaximumPoolSize(2);
                pool.setConnectionInitSql(zone);
                LockStore there =
                        JdbcBackend.lease(pool).table(TABLE).listen(false).build();
                Attempt.Busy busy = (Attempt.Busy) there.tryAcquire(Claims.of(key));
                assertThat(busy.retryAfter()).as(zone).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(51));
                there.close();
            }
        } finally {
            pools.forEach(HikariDataSource::close);
        }
    }

    long number(String sql) throws SQLException {
        try (Connection connection = database().pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
