package io.lockweave.spring.jdbc;

import io.lockweave.LockUsageException;
import io.lockweave.jdbc.JdbcBackendFactory;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackend;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import javax.sql.ConnectionPoolDataSource;
import javax.sql.DataSource;
import javax.sql.XADataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * The connections that locks use. Who waits for a lock may keep a connection of the application's pool, in a
 * transaction or with open-in-view; if all do, none is left to take or free a lock with. So locks get a small pool of
 * their own, made as the application's is.
 */
final class LockConnections {

    private static final Logger LOG = System.getLogger("io.lockweave.spring");

    /** The listener of PostgreSQL keeps one of them. */
    private static final int POOL_SIZE = 2;

    private final JdbcBackendFactory factory = new JdbcBackendFactory();
    private final BackendSettings settings;

    LockConnections(BackendSettings settings) {
        this.settings = settings;
    }

    /** With connections to {@code lockweave.jdbc.url}. */
    LockBackend toUrl() {
        return factory.create(settings);
    }

    /**
     * With connections to the database of a data source.
     *
     * @param shared whether the application uses it too, as far as is known
     * @param risky whether the application has transactions, which keep connections
     */
    LockBackend to(DataSource dataSource, boolean shared, boolean risky) {
        DataSource outside = outsideTransactions(dataSource);
        boolean asked = settings.text("own-pool").isPresent();
        if (!settings.flag("own-pool", shared)) {
            return factory.over(outside, settings);
        }
        OwnDataSource own = copy(outside);
        if (own != null) {
            try {
                return factory.over(own.dataSource(), settings, own.close());
            } catch (RuntimeException e) {
                own.close().run();
                throw e;
            }
        }
        if (asked) {
            throw new LockUsageException(
                    "lockweave.jdbc.own-pool is true, and the DataSource is a "
                            + outside.getClass().getName() + ", which is no HikariCP pool that could be copied",
                    "define a second DataSource for locks and name it in lockweave.jdbc.data-source, or set"
                            + " lockweave.jdbc.url");
        }
        if (risky && mayBePool(outside)) {
            LOG.log(
                    Level.WARNING,
                    "Locks use the application's DataSource, a "
                            + outside.getClass().getName() + ", which Lockweave cannot copy. Transactions and"
                            + " open-in-view keep its connections while they wait for a lock; when all do, none is left"
                            + " to take or free one. To fix it: define a second DataSource for locks and name it in"
                            + " lockweave.jdbc.data-source, or set lockweave.jdbc.url; or say"
                            + " lockweave.jdbc.own-pool = false if the pool is large enough.");
        }
        return factory.over(outside, settings);
    }

    /** A data source, and how it is closed. */
    record OwnDataSource(DataSource dataSource, Runnable close) {}

    private @Nullable OwnDataSource copy(DataSource dataSource) {
        int size = settings.number("pool-size", POOL_SIZE, POOL_SIZE);
        Duration timeout = settings.duration("timeout", Duration.ofSeconds(5));
        return isPresent("com.zaxxer.hikari.HikariDataSource") ? HikariCopy.of(dataSource, size, timeout) : null;
    }

    private static DataSource outsideTransactions(DataSource dataSource) {
        return isPresent("org.springframework.jdbc.datasource.DelegatingDataSource")
                ? SpringDataSources.outsideTransactions(dataSource)
                : dataSource;
    }

    /** Data sources of drivers, and Spring's over drivers, open a connection for each call. */
    private static boolean mayBePool(DataSource dataSource) {
        return !(dataSource instanceof ConnectionPoolDataSource
                || dataSource instanceof XADataSource
                || dataSource.getClass().getName().startsWith("org.postgresql.ds.")
                || (isPresent("org.springframework.jdbc.datasource.AbstractDriverBasedDataSource")
                        && SpringDataSources.isUnpooled(dataSource)));
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, LockConnections.class.getClassLoader());
    }
}
