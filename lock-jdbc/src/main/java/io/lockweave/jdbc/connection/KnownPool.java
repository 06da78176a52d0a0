package io.lockweave.jdbc.connection;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** What a pool tells of its connections, and what may be done with them beyond JDBC, where it is a known one. */
public interface KnownPool {

    /** Whether it has a connection to give at once; false also if that is not known. */
    boolean hasIdle();

    /** Lets the pool forget a connection that was cut on purpose, without a word; false if it cannot. */
    boolean evict(Connection connection);

    /** The pool behind a data source. */
    static KnownPool of(DataSource dataSource) {
        try {
            return OfHikari.of(dataSource);
        } catch (NoClassDefFoundError e) {
            return new Unknown(); // HikariCP is not on the class path
        }
    }

    /** Any other. */
    record Unknown() implements KnownPool {

        @Override
        public boolean hasIdle() {
            return false;
        }

        @Override
        public boolean evict(Connection connection) {
            return false;
        }
    }

    /** HikariCP. */
    record OfHikari(HikariDataSource pool) implements KnownPool {

        static KnownPool of(DataSource dataSource) {
            try {
                return dataSource instanceof HikariDataSource || dataSource.isWrapperFor(HikariDataSource.class)
                        ? new OfHikari(dataSource.unwrap(HikariDataSource.class))
                        : new Unknown();
            } catch (SQLException | RuntimeException e) {
                return new Unknown();
            }
        }

        @Override
        public boolean hasIdle() {
            HikariPoolMXBean state = pool.getHikariPoolMXBean();
            return state != null && state.getThreadsAwaitingConnection() == 0 && state.getIdleConnections() > 0;
        }

        /** Its own connections only: a proxy around one is unknown to it. */
        @Override
        public boolean evict(Connection connection) {
            if (!connection.getClass().getName().startsWith("com.zaxxer.hikari.")) {
                return false;
            }
            pool.evictConnection(connection);
            return true;
        }
    }
}
