package io.lockweave.jdbc.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.LockKey;
import io.lockweave.jdbc.Claims;
import io.lockweave.jdbc.TestDatabase;
import io.lockweave.jdbc.Warnings;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Waker;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The connection that listens comes from a pool that others use. */
@Timeout(60)
class NotificationsIT {

    private static final Waker NOBODY = new Waker() {
        @Override
        public void wake() {}

        @Override
        public void granted(Grant grant, Duration lease) {}
    };

    /** Each repetition closes a little later: before, while and after the listener begins to read. */
    @RepeatedTest(10)
    void whoeverComesAfterItGetsALiveConnectionThatListensToNothing(RepetitionInfo repetition) throws Exception {
        try (HikariDataSource pool = TestDatabase.POSTGRESQL.newPool(1, config -> {
            config.setAutoCommit(false);
            config.setMinimumIdle(1); // with none, this pool may forget to replace one that it drops
        })) {
            for (int i = 0; i < 10; i++) {
                Notifications notifications = new Notifications(pool, Channels.of("lockweave_test"));
                notifications.watch(Claims.of(LockKey.of("key")), NOBODY);
                LockSupport.parkNanos(repetition.getCurrentRepetition() * 100_000L);
                notifications.close();
                assertThat(channels(pool)).isZero();
            }
        }
    }

    /** A clean end is no reason for a warning. */
    @Test
    void thePoolDoesNotWarnOfTheConnectionThatIsCutAtTheEnd() throws Exception {
        try (Warnings warnings = new Warnings("com.zaxxer.hikari");
                HikariDataSource pool = TestDatabase.POSTGRESQL.newPool(2, config -> {})) {
            Channels channels = Channels.of("lockweave_quiet");
            Notifications notifications = new Notifications(pool, channels);
            notifications.watch(Claims.of(LockKey.of("key")), NOBODY);
            await().until(() -> isListening(pool, channels));
            notifications.close();
            await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
            assertThat(isListening(pool, channels)).isFalse();
            assertThat(warnings.messages()).isEmpty();
        }
    }

    /** As a pool that begins to close before the listener notices, and evicts nothing any more. */
    private static final class DeafToTheListener extends HikariDataSource {

        DeafToTheListener(HikariConfig config) {
            super(config);
        }

        @Override
        public void evictConnection(Connection connection) {
            if (!Thread.currentThread().getName().equals("lockweave-jdbc-listener")) {
                super.evictConnection(connection);
            }
        }
    }

    @Test
    void norDoesAPoolThatClosesBeforeTheListenerNotices() throws Exception {
        try (Warnings warnings = new Warnings("com.zaxxer.hikari");
                HikariDataSource config = TestDatabase.POSTGRESQL.newPool(2, ignored -> {});
                HikariDataSource pool = new DeafToTheListener(config)) {
            Channels channels = Channels.of("lockweave_quiet");
            Set<Thread> others = listeners();
            Notifications notifications = new Notifications(pool, channels);
            notifications.watch(Claims.of(LockKey.of("key")), NOBODY);
            await().until(() -> isListening(pool, channels));
            notifications.close();
            await().until(() -> others.containsAll(listeners()));
            assertThat(isListening(pool, channels)).isFalse();
            assertThat(warnings.messages()).isEmpty();
        }
    }

    private static Set<Thread> listeners() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("lockweave-jdbc-listener"))
                .collect(Collectors.toSet());
    }

    private static boolean isListening(HikariDataSource pool, Channels channels) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select count(*) from pg_stat_activity where query = 'listen " + channels.own() + "'")) {
            row.next();
            return row.getInt(1) > 0;
        }
    }

    private static int channels(HikariDataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from pg_listening_channels()")) {
            row.next();
            assertThat(connection.getAutoCommit()).isFalse();
            return row.getInt(1);
        }
    }
}
