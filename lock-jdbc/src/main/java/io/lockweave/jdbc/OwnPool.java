package io.lockweave.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.lockweave.LockBackendException;
import javax.sql.DataSource;

/** The pool of a backend that was made from properties. The only class that knows HikariCP. */
final class OwnPool implements AutoCloseable {

    /** How long to wait for a connection; a lock that waits longer for one is worth nothing. */
    private static final long CONNECT_MILLIS = 5_000;

    private final HikariDataSource pool;

    private OwnPool(HikariDataSource pool) {
        this.pool = pool;
    }

    static OwnPool open(String url, String username, String password, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("lockweave");
        config.setJdbcUrl(url);
        if (!username.isEmpty()) {
            config.setUsername(username);
        }
        if (!password.isEmpty()) {
            config.setPassword(password); // the user may stand in the URL
        }
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_MILLIS);
        try {
            return new OwnPool(new HikariDataSource(config));
        } catch (HikariPool.PoolInitializationException e) {
            throw LockBackendException.passing(
                    "The database of lockweave.jdbc.url cannot be reached: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw LockBackendException.lasting("lockweave.jdbc.url cannot be used: " + e.getMessage(), e);
        }
    }

    DataSource dataSource() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
