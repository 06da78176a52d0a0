package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.jdbc.lease.LeaseStore;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.testkit.Together;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Statements of the lease table that come late, and those of tries that are refused, on several databases. */
@Timeout(60)
abstract class LeaseStatementsContract {

    static final String TABLE = "lockweave_statement_test";

    private static final Duration TIMEOUT = Duration.ofMillis(600);

    private static final Set<TestDatabase> LOCKING_ROWS =
            Set.of(TestDatabase.H2, TestDatabase.POSTGRESQL, TestDatabase.MARIADB, TestDatabase.MARIADB_BY_MYSQL);

    /** The databases, each with the most statements that a refused try takes. */
    record Case(TestDatabase database, int refused) {

        LeaseBuilder builder() {
            return JdbcBackend.lease(database.pool()).table(TABLE).initializeSchema(true);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aTakeThatComesAfterItsCallerGaveUpLocksTheKeyForNobody(Case on) throws Throwable {
        LateDataSource late = new LateDataSource(on.database().pool());
        try (LockStore other = on.builder().build();
                LockStore store = JdbcBackend.lease(late.keeping())
                        .table(TABLE)
                        .timeout(TIMEOUT)
                        .listen(false)
                        .build()) {
            store.release(Claims.granted(store, Claims.of(Claims.newKey()))); // it has seen the database's clock
            for (boolean isNew : new boolean[] {true, false}) {
                LockKey key = Claims.newKey();
                if (!isNew) {
                    other.release(Claims.granted(other, Claims.of(key)));
                }
                late.next.set(true);
                Grant grant = Claims.granted(store, Claims.of(key));
                assertThat(late.next).as("one was kept").isFalse();
                assertThat(store.release(grant)).isTrue();
                TimeUnit.MILLISECONDS.sleep(TIMEOUT.toMillis() + 50); // the database's own clock has to go on
                late.deliver();
                assertThat(other.find(key)).as("new %s", isNew).isEmpty();
                assertThat(Claims.isBusy(other, key)).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aCommitThatComesAfterItsCallerGaveUpLocksTheKeyForNobody(Case on) throws Exception {
        assumeTrue(LOCKING_ROWS.contains(on.database()), "a commit under way keeps the whole table from everybody");
        LateDataSource late = new LateDataSource(on.database().pool());
        try (LockStore other = on.builder().build();
                LockStore store = JdbcBackend.lease(late.keeping())
                        .table(TABLE)
                        .timeout(TIMEOUT)
                        .listen(false)
                        .build()) {
            for (LockMode mode : List.of(LockMode.SHARED, LockMode.PERMIT)) {
                LockKey key = Claims.newKey();
                other.release(Claims.granted(other, Claims.of(key))); // its row is there
                Claim claim = Claims.of(key, mode, Duration.ofMinutes(1));
                late.nextCommit.set(true);
                assertThatExceptionOfType(LockBackendException.class).isThrownBy(() -> store.tryAcquire(claim));
                assertThat(late.nextCommit).as("one was kept").isFalse();

                FutureTask<Boolean> withdrawn = Together.start("withdrawing", () -> withdraw(store, claim));
                try {
                    withdrawn.get(TIMEOUT.toMillis() / 2, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    // as it should: what the commit will do is not known yet
                }
                late.deliverCommit();
                assertThat(Together.result(withdrawn)).isTrue();

                assertThat(other.find(key)).as(mode.toString()).isEmpty();
                assertThat(Claims.isBusy(other, key)).isFalse();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aCommitOfSeveralLocksThatComesLateLocksThemForNobody(Case on) throws Exception {
        LateDataSource late = new LateDataSource(on.database().pool());
        try (LockStore other = on.builder().build();
                LockStore store = JdbcBackend.lease(late.keeping())
                        .table(TABLE)
                        .timeout(TIMEOUT)
                        .listen(false)
                        .build()) {
            assumeTrue(store.capabilities().contains(Capability.TOGETHER), "takes one lock after the other");
            List<Claim> claims = List.of(Claims.of(Claims.newKey()), Claims.of(Claims.newKey()));
            claims.forEach(claim -> other.release(Claims.granted(other, Claims.of(claim.key()))));
            late.nextCommit.set(true);
            try {
                store.tryAcquireAll(claims);
            } catch (LockBackendException e) {
                // as it should
            }
            assumeTrue(!late.nextCommit.getAndSet(false), "is one statement, without a commit of its own");

            FutureTask<Boolean> withdrawn =
                    Together.start("withdrawing", () -> claims.stream().allMatch(claim -> withdraw(store, claim)));
            try {
                withdrawn.get(TIMEOUT.toMillis() / 2, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // as it should
            }
            late.deliverCommit();
            assertThat(Together.result(withdrawn)).isTrue();

            claims.forEach(
                    claim -> assertThat(Claims.isBusy(other, claim.key())).isFalse());
        }
    }

    /** Again and again, as the engine does. */
    private static boolean withdraw(LockStore store, Claim claim) {
        while (true) {
            try {
                store.withdraw(claim);
                return true;
            } catch (LockBackendException e) {
                // tried again
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRefusedTryTakesFewStatementsAndTellsWhoHasIt(Case on) {
        WatchedDataSource watch = new WatchedDataSource();
        try (LockStore other = on.builder().build();
                LockStore store = JdbcBackend.lease(watch.watching(on.database().pool()))
                        .table(TABLE)
                        .listen(false)
                        .build()) {
            LockKey key = Claims.newKey();
            Grant held = Claims.granted(other, Claims.of(key));
            watch.statements.set(0);
            Attempt.Busy busy = (Attempt.Busy) store.tryAcquire(Claims.of(key));
            assertThat(watch.statements.get()).isLessThanOrEqualTo(on.refused());
            assertThat(busy.holder()).isNotNull();
            assertThat(busy.holder().owner()).isEqualTo(held.owner());
            assertThat(other.release(held)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aCleanUpGoesThroughRowsThatStayPageByPage(Case on) throws Exception {
        try (LockStore store = on.builder().keepFreeAsShortAs(Duration.ZERO).build()) {
            insertRowsThatStay(on, 1_100);
            LockKey reader = Claims.newKey();
            Claims.granted(store, Claims.of(reader, LockMode.SHARED, Duration.ofMillis(1)));
            LockKey dead = Claims.newKey();
            store.release(Claims.granted(store, Claims.of(dead)));
            TimeUnit.MILLISECONDS.sleep(20); // past the lease, and the millisecond that fences are ahead
            ((LeaseStore) store).cleanUpNow();
            for (LockKey gone : List.of(reader, dead)) {
                assertThat(rows(on, gone)).isZero();
            }
        } finally {
            on.database().execute("delete from " + TABLE);
        }
    }

    private static void insertRowsThatStay(Case on, int rows) throws SQLException {
        try (Connection connection = on.database().pool().getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("insert into " + TABLE
                    + " values (?, '-', 'n', 'E', 1, 'x', '-', 1, 1, 0, 8000000000000000000, 0, 0)")) {
                for (int i = 0; i < rows; i++) {
                    insert.setString(1, LockKey.of("stays", i).fingerprint());
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private static long rows(Case on, LockKey key) throws Exception {
        try (var connection = on.database().pool().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select count(*) from " + TABLE + " where lock_key = '" + key.fingerprint() + "'")) {
            row.next();
            return row.getLong(1);
        }
    }
}
