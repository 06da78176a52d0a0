package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.jdbc.lease.LeaseStore;
import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testkit.fault.FaultProxy;
import io.lockweave.testservers.contest.ContestingFleet;
import io.lockweave.testservers.database.MariaDbServer;
import io.lockweave.testservers.database.PostgresServer;
import io.lockweave.testservers.database.Signals;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * JVMs contend for a few locks in a lease table behind one address, while whole JVMs are stopped for longer than a
 * lease, killed and started anew, and the database is killed, stopped, cut off, or falls silent. The spans in which
 * {@code isHeld()} was true never overlap, fences grow in the order of entry, and at the end no row of the table, no
 * connection and no thread is left.
 */
@Timeout(1_200)
@EnabledIfSystemProperty(
        named = "lockweave.test.nemesis-seconds",
        matches = "\\d+",
        disabledReason = "it takes a minute at least: run with -Pnemesis")
class DatabaseNemesisIT {

    private static final Duration RUN = Duration.ofSeconds(Long.getLong("lockweave.test.nemesis-seconds", 12));

    private static final String TABLE = "lockweave_nemesis";

    static LongStream seeds() {
        return ContestingFleet.seeds();
    }

    /** A server that can be put through faults. */
    private interface Database extends AutoCloseable {

        int port();

        long pid();

        /** Its URL, with another port. */
        String url(int port);

        void kill();

        void start();

        /** Counts the connections of everybody else. */
        String connections();

        @Override
        void close();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void rule18_whatJvmsHoldNeverOverlapsOnPostgres(long seed) throws Exception {
        try (Database postgres = new Postgres()) {
            endure("PostgreSQL", postgres, seed);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void rule18_whatJvmsHoldNeverOverlapsOnMariaDb(long seed) throws Exception {
        try (Database mariaDb = new MariaDb()) {
            endure("MariaDB", mariaDb, seed);
        }
    }

    private static void endure(String name, Database database, long seed) throws Exception {
        System.out.println("DatabaseNemesisIT on " + name + " runs with -Dlockweave.test.seed=" + seed);
        Random random = new Random(seed);
        try (HikariDataSource pool = TestDatabase.newPool(database.url(database.port()), 2);
                FaultProxy address = FaultProxy.to("127.0.0.1", database.port())) {
            LeaseStore store = (LeaseStore) JdbcBackend.lease(pool)
                    .table(TABLE)
                    .initializeSchema(true)
                    .keepFreeAsShortAs(Duration.ZERO)
                    .build();
            long connections = count(pool, database.connections());
            var recipe = ForkedHolder.Recipe.of(LeaseBackendContract.Maker.class, database.url(address.port()), TABLE);
            try (ContestingFleet fleet = new ContestingFleet(Map.of(name, recipe), random)) {
                fleet.endure(RUN, () -> switch (random.nextInt(10)) {
                    case 0, 1 -> restart(database);
                    case 2 -> stop(database, random);
                    case 3 -> fallSilent(address);
                    case 4 -> cut(address);
                    default -> fleet.stopOrKill();
                });
                fleet.check("DatabaseNemesisIT on " + name);
            }
            Awaitility.await("all connections end").until(() -> count(pool, database.connections()) <= connections);
            Awaitility.await("all rows are free and removed")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> {
                        store.cleanUpNow();
                        return count(pool, "select count(*) from " + TABLE) == 0;
                    });
            System.out.println(
                    "DatabaseNemesisIT on " + name + ": connections at the start and at the end " + connections
                            + " " + count(pool, database.connections()) + ", rows left "
                            + count(pool, "select count(*) from " + TABLE));
            store.close();
        }
    }

    private static String restart(Database database) {
        database.kill();
        database.start();
        return "restart";
    }

    private static String stop(Database database, Random random) {
        long pid = database.pid();
        Signals.freeze(pid);
        ContestingFleet.rest(random.nextInt(2_000));
        Signals.thaw(pid);
        return "standstill";
    }

    private static String fallSilent(FaultProxy address) {
        address.abandonAll();
        return "silence";
    }

    private static String cut(FaultProxy address) {
        address.resetAll();
        return "cut";
    }

    /** A number, from a connection that the pool has tried out; -1 while there is none. */
    private static long count(HikariDataSource pool, String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery(sql)) {
            assertThat(count.next()).isTrue();
            return count.getLong(1);
        } catch (SQLException e) {
            return Long.MAX_VALUE;
        }
    }

    private static final class Postgres implements Database {

        private final PostgresServer server = PostgresServer.launch(Map.of());

        @Override
        public int port() {
            return server.port();
        }

        @Override
        public long pid() {
            return server.pid();
        }

        @Override
        public String url(int port) {
            return server.url().replace(":" + server.port() + "/", ":" + port + "/");
        }

        @Override
        public void kill() {
            server.kill();
        }

        @Override
        public void start() {
            server.start();
        }

        @Override
        public String connections() {
            return "select count(*) from pg_stat_activity where backend_type = 'client backend'";
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private static final class MariaDb implements Database {

        private final MariaDbServer server = MariaDbServer.launch();

        @Override
        public int port() {
            return server.port();
        }

        @Override
        public long pid() {
            return server.pid();
        }

        @Override
        public String url(int port) {
            return server.url().replace(":" + server.port() + "/", ":" + port + "/");
        }

        @Override
        public void kill() {
            server.kill();
        }

        @Override
        public void start() {
            server.start();
        }

        @Override
        public String connections() {
            return "select count(*) from information_schema.processlist where user = 'root'";
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
