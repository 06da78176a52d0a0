package io.lockweave.benchmarks.contest;

import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.jdbc.lease.LeaseStore;
import io.lockweave.spi.LockStore;
import io.lockweave.testservers.database.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What the lease table costs a PostgreSQL: ten keys taken together beside one (T12), tries that are refused, and a
 * clean-up beside rows that stay. Arguments: rounds of the first, and how many rows stay.
 */
public final class JdbcCosts {

    private static final int REFUSED = 500;
    private static final int KEYS = 10;

    private JdbcCosts() {}

    /** Prints the table. */
    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3_000;
        int rows = args.length > 1 ? Integer.parseInt(args[1]) : 2_000_000;
        String url = PostgresServer.shared().url();
        try (HikariDataSource pool = JdbcMutexes.pool(url, 4);
                LockStore store = JdbcBackend.lease(pool).initializeSchema(true).build();
                Locks locks = Locks.builder(store).build();
                Connection look = pool.getConnection()) {
            together(locks, rounds);
            refused(pool, locks, look);
            cleanUp((LeaseStore) store, look, rows);
        }
        System.exit(0);
    }

    private static void together(Locks locks, int rounds) {
        LockKey one = LockKey.of("one", 1);
        List<LockKey> ten =
                IntStream.range(0, KEYS).mapToObj(i -> LockKey.of("ten", i)).toList();
        long[] single = new long[rounds];
        long[] joint = new long[rounds];
        long[] apart = new long[rounds];
        for (int i = -rounds / 2; i < rounds; i++) { // the first ones warm it up
            long a = taken(() -> List.of(locks.acquire(one)));
            long b = taken(() -> List.of(locks.acquireAll(ten)));
            long c = taken(() -> ten.stream().map(locks::acquire).toList());
            if (i >= 0) {
                single[i] = a;
                joint[i] = b;
                apart[i] = c;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "taken: 1 key %.0f us, %d keys together %.2f times that, one by one %.2f times%n",
                median(single) / 1e3,
                KEYS,
                median(joint) / median(single),
                median(apart) / median(single));
    }

    private static long taken(Supplier<List<HeldLock>> take) {
        long start = System.nanoTime();
        List<HeldLock> held = take.get();
        long time = System.nanoTime() - start;
        held.forEach(HeldLock::close);
        return time;
    }

    private static double median(long[] times) {
        Arrays.sort(times);
        return times[times.length / 2];
    }

    private static void refuse(Locks others, LockKey key, LockOptions atOnce) {
        others.tryAcquire(key, atOnce).ifPresent(taken -> {
            throw new IllegalStateException("was free");
        });
    }

    private static void refused(HikariDataSource pool, Locks locks, Connection look) throws SQLException {
        LockKey key = LockKey.of("busy", 1);
        LockOptions atOnce = LockOptions.defaults().waitTime(Duration.ZERO);
        try (LockStore store = JdbcBackend.lease(pool).build();
                Locks others = Locks.builder(store).build();
                HeldLock held = locks.acquire(key)) {
            refuse(others, key, atOnce);
            long ids = number(look, "select txid_snapshot_xmax(txid_current_snapshot())");
            long wal = number(look, "select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint");
            for (int i = 0; i < REFUSED; i++) {
                refuse(others, key, atOnce);
            }
            held.ensureHeld();
            System.out.printf(
                    Locale.ROOT,
                    "%d refused tries: %d transaction ids, %d bytes of WAL%n",
                    REFUSED,
                    number(look, "select txid_snapshot_xmax(txid_current_snapshot())") - ids,
                    number(look, "select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint") - wal);
        }
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void cleanUp(LeaseStore store, Connection look, int rows) throws SQLException {
        try (Statement statement = look.createStatement()) {
            statement.execute(
                    "insert into lockweave_lock select md5(i::text) || md5(i::text), '-', 'n', 'E', 1, 'x', '-',"
                            + " 1, 1, 0, 8000000000000000000, 0, 0 from generate_series(1, " + rows + ") i");
            statement.execute("analyze lockweave_lock");
        }
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            store.cleanUpNow();
            System.out.printf(
                    Locale.ROOT,
                    "clean-up: walking over %d rows that stay took %.0f ms%n",
                    rows,
                    (System.nanoTime() - start) / 1e6);
        }
    }
}
