package io.lockweave.benchmarks.contest;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.spi.LockBackend;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import net.javacrumbs.shedlock.provider.jdbc.JdbcLockProvider;

/**
 * Who takes part on PostgreSQL, by name; each borrows its connections from a HikariCP pool of its own, also the floors.
 */
enum JdbcMutexes {
    RAW_LEASE_STATEMENTS,
    LEASE,
    LEASE_WITHOUT_HAND_OVER,
    RAW_ADVISORY_LOCK,
    SESSION,
    SESSION_WITHOUT_HAND_OVER,
    SPRING_INTEGRATION,
    SHEDLOCK;

    private static final String SHEDLOCK_TABLE = "create table if not exists shedlock (name varchar(64) primary key,"
            + " lock_until timestamp not null, locked_at timestamp not null, locked_by varchar(255) not null)";

    /** Closes the pool as well. */
    Mutex open(String url, int connections) {
        // An advisory lock belongs to its session, so its floor has just one.
        HikariDataSource pool = pool(url, this == RAW_ADVISORY_LOCK ? 1 : connections);
        return new Pooled(over(pool), pool);
    }

    private Mutex over(DataSource pool) {
        return switch (this) {
            case RAW_LEASE_STATEMENTS -> SqlMutex.lease(pool);
            case LEASE -> ours(lease(pool), true);
            case LEASE_WITHOUT_HAND_OVER -> ours(lease(pool), false);
            case RAW_ADVISORY_LOCK -> SqlMutex.advisory(pool);
            case SESSION -> ours(JdbcBackend.session(pool).build(), true);
            case SESSION_WITHOUT_HAND_OVER -> ours(JdbcBackend.session(pool).build(), false);
            case SPRING_INTEGRATION -> new SpringJdbcMutex(pool);
            case SHEDLOCK -> new ShedLockMutex(new JdbcLockProvider(pool), () -> {});
        };
    }

    private static LockBackend lease(DataSource pool) {
        return JdbcBackend.lease(pool).initializeSchema(true).build();
    }

    private static Mutex ours(LockBackend backend, boolean handOver) {
        return new LockweaveMutex(backend, handOver, false);
    }

    static HikariDataSource pool(String url, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(connections);
        return new HikariDataSource(config);
    }

    /** Makes the tables of those who do not make their own. */
    static void prepare(String url) throws SQLException {
        try (HikariDataSource pool = pool(url, 1);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(SqlMutex.TABLE);
            statement.execute(SpringJdbcMutex.TABLE);
            statement.execute(SHEDLOCK_TABLE);
        }
    }

    private record Pooled(Mutex mutex, HikariDataSource pool) implements Mutex {

        @Override
        public void run(String key, Runnable body) throws Exception {
            mutex.run(key, body);
        }

        @Override
        public void close() {
            mutex.close();
            pool.close();
        }
    }
}
