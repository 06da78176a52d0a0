package io.lockweave.benchmarks.contest;

import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.LockKey;
import io.lockweave.Locks;
import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.local.LocalBackend;
import io.lockweave.redis.JedisTransport;
import io.lockweave.redis.RedisBackend;
import io.lockweave.spi.LockBackend;
import io.lockweave.testservers.database.PostgresServer;
import io.lockweave.testservers.redis.RedisServer;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import redis.clients.jedis.RedisClient;

/**
 * T7: many keys once each; what is left in the JVM and in the store. Arguments: keys for local, for Redis, for a lease
 * table on PostgreSQL, which keeps the row of a key for a minute and looks after that once a minute.
 */
public final class ManyKeys {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private ManyKeys() {}

    /** Prints one line for each backend. */
    public static void main(String[] args) throws Exception {
        int local = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        int redis = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
        report("local", new LocalBackend(), local);
        try (RedisServer server = RedisServer.launch();
                RedisClient client = RedisClient.create(server.uri())) {
            report("redis", RedisBackend.over(JedisTransport.of(client)), redis);
            System.out.println("keys left in Redis: " + server.keys() + " (fence counters; 256 at most)");
        }
        if (args.length > 2) {
            leaseTable(Integer.parseInt(args[2]));
        }
        System.exit(0);
    }

    private static void leaseTable(int keys) throws Exception {
        try (HikariDataSource pool = JdbcMutexes.pool(PostgresServer.shared().url(), 4);
                Locks locks = Locks.builder(JdbcBackend.lease(pool)
                                .initializeSchema(true)
                                .listen(false)
                                .keepFree(Duration.ofMinutes(1))
                                .build())
                        .build()) {
            report("jdbc", locks, keys);
            long begin = System.nanoTime();
            long rows = rows(pool);
            System.out.printf(Locale.ROOT, "rows in the table: %,d (%s)%n", rows, size(pool));
            long deadline = begin + PATIENCE.toNanos();
            while (rows(pool) > 1 && System.nanoTime() < deadline) { // the clean-up's own turn is one
                TimeUnit.SECONDS.sleep(1);
            }
            System.out.printf(Locale.ROOT, "%.0f s later: %,d%n", (System.nanoTime() - begin) / 1e9, rows(pool));
        }
    }

    private static long rows(DataSource source) throws SQLException {
        return Long.parseLong(text(source, "select count(*) from lockweave_lock"));
    }

    private static String size(DataSource source) throws SQLException {
        return text(source, "select pg_size_pretty(pg_total_relation_size('lockweave_lock'))");
    }

    private static String text(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void report(String name, LockBackend backend, int keys) {
        try (Locks locks = Locks.builder(backend).build()) {
            report(name, locks, keys);
        }
    }

    private static void report(String name, Locks locks, int keys) {
        use(locks, 10_000);
        long before = usedHeap();
        long begin = System.nanoTime();
        use(locks, keys);
        double seconds = (System.nanoTime() - begin) / 1e9;
        long kept = usedHeap() - before;
        System.out.printf(
                Locale.ROOT,
                "%-8s %,d keys once each in %.0f s: %,d bytes of heap more than before (%.3f per key)%n",
                name,
                keys,
                seconds,
                kept,
                (double) kept / keys);
    }

    private static void use(Locks locks, int keys) {
        for (int i = 0; i < keys; i++) {
            locks.acquire(LockKey.of("order", i)).close();
        }
    }

    private static long usedHeap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < 5; i++) {
            memory.gc();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }
}
