package io.lockweave.spring.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A small pool with the settings of another one. The only class of this module that knows HikariCP. */
final class HikariCopy {

    private HikariCopy() {}

    /** Null if the data source is no pool of HikariCP, or its database is seen by its own connections alone. */
    static LockConnections.@Nullable OwnDataSource of(DataSource dataSource, int size, Duration timeout) {
        HikariDataSource original = hikari(dataSource);
        if (original == null || isPrivate(original)) {
            return null;
        }
        HikariConfig config = new HikariConfig();
        original.copyStateTo(config);
        String name = original.getPoolName();
        config.setPoolName(name == null ? "lockweave" : name + "-lockweave");
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(Math.max(timeout.toMillis(), 250)); // the least that HikariCP takes
        config.setValidationTimeout(Math.max(timeout.toMillis(), 250));
        config.setInitializationFailTimeout(-1); // the check of the lock table says more
        config.setLeakDetectionThreshold(0); // a listener and sessions keep their connections on purpose
        config.setAutoCommit(true);
        config.setReadOnly(false);
        config.setTransactionIsolation(null);
        HikariDataSource copy = new HikariDataSource(config);
        return new LockConnections.OwnDataSource(copy, copy::close);
    }

    private static @Nullable HikariDataSource hikari(DataSource dataSource) {
        if (dataSource instanceof HikariDataSource hikari) {
            return hikari;
        }
        try {
            return dataSource.isWrapperFor(HikariDataSource.class) ? dataSource.unwrap(HikariDataSource.class) : null;
        } catch (SQLException e) {
            return null;
        }
    }

    /** An unnamed database in memory is another one for each connection that opens it anew. */
    private static boolean isPrivate(HikariDataSource original) {
        String url = original.getJdbcUrl();
        return url != null && (url.matches("jdbc:h2:mem:(;.*)?") || url.startsWith("jdbc:sqlite::memory:"));
    }
}
