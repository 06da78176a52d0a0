package io.lockweave.benchmarks.contest;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.spi.LockBackend;
import io.lockweave.testservers.database.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import net.javacrumbs.shedlock.provider.jdbc.JdbcLockProvider;

/** T6: one JVM on a PostgreSQL of its own. Arguments: seconds for each row. */
public final class JdbcOneJvm {

    private static final int CONNECTIONS = 20;
    private static final String SHEDLOCK_TABLE = "create table if not exists shedlock (name varchar(64) primary key,"
            + " lock_until timestamp not null, locked_at timestamp not null, locked_by varchar(255) not null)";

    private JdbcOneJvm() {}

    /** Prints both tables. */
    public static void main(String[] args) throws Exception {
        Duration time = Duration.ofSeconds(args.length > 0 ? Long.parseLong(args[0]) : 5);
        try (HikariDataSource pool = pool(CONNECTIONS);
                HikariDataSource single = pool(1)) {
            prepare(pool);
            Map<String, Function<DataSource, Mutex>> free = new LinkedHashMap<>();
            free.put("raw lease statements", source -> new SqlMutex(source, SqlMutex.LEASE));
            free.put("lease", source -> ours(lease(source), true));
            free.put("raw pg_advisory_lock", source -> new SqlMutex(single, SqlMutex.ADVISORY));
            free.put("session", source -> ours(JdbcBackend.session(source).build(), true));
            free.put("Spring Integration", SpringJdbcMutex::new);
            free.put("ShedLock", source -> new ShedLockMutex(new JdbcLockProvider(source), () -> {}));
            System.out.println("T6: uncontended, 1 thread, 1 key");
            for (Map.Entry<String, Function<DataSource, Mutex>> row : free.entrySet()) {
                try (Mutex mutex = row.getValue().apply(pool)) {
                    Load.Outcome outcome = new Load().run(mutex, 1, time, thread -> "cold");
                    System.out.printf(Locale.ROOT, "%-24s %8.1f us each%n", row.getKey(), 1e6 / outcome.perSecond());
                }
            }
            Map<String, Function<DataSource, Mutex>> contended = new LinkedHashMap<>();
            contended.put("lease", source -> ours(lease(source), true));
            contended.put("lease without hand-over", source -> ours(lease(source), false));
            contended.put("session", source -> ours(JdbcBackend.session(source).build(), true));
            contended.put("Spring Integration", SpringJdbcMutex::new);
            System.out.println("T6: one key, 16 threads");
            for (Map.Entry<String, Function<DataSource, Mutex>> row : contended.entrySet()) {
                try (Mutex mutex = row.getValue().apply(pool)) {
                    Load.Outcome outcome = new Load().run(mutex, 16, time, thread -> "hot");
                    System.out.printf(
                            Locale.ROOT,
                            "%-24s %10.0f ops/s   busiest/idlest %6.1f%n",
                            row.getKey(),
                            outcome.perSecond(),
                            outcome.spread());
                }
            }
        }
        System.exit(0);
    }

    private static LockBackend lease(DataSource source) {
        return JdbcBackend.lease(source).initializeSchema(true).build();
    }

    private static Mutex ours(LockBackend backend, boolean handOver) {
        return new LockweaveMutex(backend, handOver, false);
    }

    private static HikariDataSource pool(int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(PostgresServer.shared().url());
        config.setMaximumPoolSize(size);
        return new HikariDataSource(config);
    }

    private static void prepare(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(SqlMutex.TABLE);
            statement.execute(SpringJdbcMutex.TABLE);
            statement.execute(SHEDLOCK_TABLE);
        }
    }
}
