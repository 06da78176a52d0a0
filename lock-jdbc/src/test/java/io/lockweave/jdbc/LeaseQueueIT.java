package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Waker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;

/** Those who wait for a row on PostgreSQL stand in a queue there, and a release tells the first of them. */
@Timeout(60)
class LeaseQueueIT {

    private static final String TABLE = "lockweave_queue_test";

    private final LockKey key = Claims.newKey();
    private final List<LockStore> opened = new ArrayList<>();

    /** One JVM that waits for the key. */
    private final class Jvm implements Waker {

        final LockStore store = store();
        final Claim claim = Claims.waiting(key);
        final Semaphore told = new Semaphore(0);

        /** Joins the queue, as the engine does. */
        Jvm waiting() throws InterruptedException {
            assertThat(store.tryAcquire(claim)).isInstanceOf(Attempt.Busy.class);
            store.watch(claim, this);
            awaitTold(); // it listens
            assertThat(store.tryAcquire(claim)).isInstanceOf(Attempt.Busy.class);
            return this;
        }

        void awaitTold() throws InterruptedException {
            assertThat(told.tryAcquire(20, TimeUnit.SECONDS)).as("told").isTrue();
        }

        Grant take() {
            Attempt attempt = store.tryAcquire(claim);
            assertThat(attempt).isInstanceOf(Attempt.Granted.class);
            return ((Attempt.Granted) attempt).grant();
        }

        @Override
        public void wake() {
            told.release();
        }

        @Override
        public void granted(Grant grant, Duration lease) {}
    }

    private LockStore store() {
        LockStore store = JdbcBackend.lease(TestDatabase.POSTGRESQL.pool())
                .table(TABLE)
                .initializeSchema(true)
                .build();
        opened.add(store);
        return store;
    }

    private static void execute(String sql, String... values) throws SQLException {
        try (Connection connection = TestDatabase.POSTGRESQL.pool().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.execute();
        }
    }

    private String queue() throws SQLException {
        try (Connection connection = TestDatabase.POSTGRESQL.pool().getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select waiters from " + TABLE + " where lock_key = ? and part = '-'")) {
            statement.setString(1, key.fingerprint());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    @BeforeEach
    void table() throws SQLException {
        execute("drop table if exists " + TABLE);
    }

    @AfterEach
    void close() {
        opened.forEach(LockStore::close);
    }

    @Test
    void aReleaseTellsTheJvmThatWaitedLongestAndNoOther() throws Exception {
        LockStore first = store();
        Grant held = Claims.granted(first, Claims.of(key));
        List<Jvm> waiting = List.of(new Jvm().waiting(), new Jvm().waiting(), new Jvm().waiting());
        LockStore holder = first;
        for (Jvm next : waiting) {
            assertThat(holder.release(held)).isTrue();
            next.awaitTold();
            held = next.take();
            holder = next.store;
        }
        assertThat(queue()).isEmpty();
        assertThat(holder.release(held)).isTrue();
        for (Jvm jvm : waiting) {
            assertThat(jvm.told.availablePermits()).as("told too often").isZero();
        }
    }

    @Test
    void whoGivesUpAfterItWasToldPassesItOn() throws Exception {
        LockStore first = store();
        Grant held = Claims.granted(first, Claims.of(key));
        Jvm givesUp = new Jvm().waiting();
        Jvm next = new Jvm().waiting();
        first.release(held);
        givesUp.awaitTold();
        givesUp.store.withdraw(givesUp.claim);
        next.awaitTold();
        next.take();
        assertThat(queue()).isEmpty();
    }

    @Test
    void aLastTryThatIsBusyLeavesTheQueue() throws Exception {
        Claims.granted(store(), Claims.of(key));
        Jvm jvm = new Jvm().waiting();
        assertThat(queue()).isNotEmpty();
        Claim c = jvm.claim;
        Claim last = new Claim(key, c.mode(), 1, false, c.owner(), c.lease(), 1, false, c.place());
        assertThat(jvm.store.tryAcquire(last)).isInstanceOf(Attempt.Busy.class);
        assertThat(queue()).isEmpty();
    }

    @Test
    void aDeadFirstOneIsPassedOverAndTakenOut() throws Exception {
        LockStore first = store();
        Grant held = Claims.granted(first, Claims.of(key));
        Jvm dead = new Jvm().waiting();
        Jvm next = new Jvm().waiting();
        dead.store.close();
        first.release(held);
        Attempt attempt = next.store.tryAcquire(next.claim);
        while (attempt instanceof Attempt.Busy) { // nobody tells it: it looks for itself
            attempt = next.store.tryAcquire(next.claim);
        }
        assertThat(queue()).as("it may only be slow").isNotEmpty();
        Jvm last = new Jvm().waiting();
        execute("update " + TABLE + " set acquired_at = 0, expires_at = 0 where lock_key = ?", key.fingerprint());
        last.take();
        assertThat(queue()).as("long after it was told").isEmpty();
    }

    @Test
    void whoWaitsForReadersIsToldAndLeavesTheQueue() throws Exception {
        LockStore first = store();
        Grant reader = Claims.granted(first, Claims.of(key, LockMode.SHARED, Duration.ofMinutes(1)));
        Jvm writer = new Jvm().waiting();
        first.release(reader);
        writer.awaitTold();
        Grant grant = writer.take();
        assertThat(queue()).isEmpty();
        Jvm next = new Jvm().waiting();
        writer.store.release(grant);
        next.awaitTold();
        next.take();
    }

    /** A version without the queue marks the row, listens on the channel of all, and tells those who marked it. */
    @Test
    void versionsWithAndWithoutTheQueueServeEachOther() throws Exception {
        LockStore first = store();
        Grant held = Claims.granted(first, Claims.of(key));
        Jvm jvm = new Jvm().waiting();
        String common = commonChannel();
        try (Connection old = TestDatabase.POSTGRESQL.pool().getConnection()) {
            old.createStatement().execute("listen " + common);
            execute("update " + TABLE + " set waited_until = 9000000000000000 where lock_key = ?", key.fingerprint());
            first.release(held);
            jvm.awaitTold();
            assertThat(old.unwrap(PGConnection.class).getNotifications(20_000)).isNotEmpty();
            old.createStatement().execute("unlisten " + common);
        }
        jvm.told.drainPermits();
        jvm.take();
        Jvm next = new Jvm().waiting();
        execute("update " + TABLE + " set expires_at = 0 where lock_key = ?", key.fingerprint()); // it tells nobody
        next.take();
        assertThat(queue()).isEmpty();
    }

    private static String commonChannel() throws SQLException {
        try (Connection connection = TestDatabase.POSTGRESQL.pool().getConnection();
                ResultSet row = connection
                        .createStatement()
                        .executeQuery("select query from pg_stat_activity where query like 'listen lockweave%'")) {
            assertThat(row.next()).as("somebody listens").isTrue();
            return row.getString(1).substring("listen ".length()).replaceAll("_[^_]{8}$", "");
        }
    }

    @Test
    void aTableWithoutTheColumnIsNamedWithTheStatementThatAddsItAndGetsIt() throws Exception {
        LockStore before = store();
        Grant held = Claims.granted(before, Claims.of(key));
        execute("alter table " + TABLE + " drop column waiters");
        LeaseBuilder builder = JdbcBackend.lease(TestDatabase.POSTGRESQL.pool()).table(TABLE);
        assertThatThrownBy(builder::build)
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("lacks the columns [waiters]")
                .hasMessageContaining("add column if not exists waiters")
                .hasMessageNotContaining("drop it");
        assertThat(Claims.isBusy(store(), key)).isTrue();
        assertThat(before.release(held)).isTrue();
    }
}
