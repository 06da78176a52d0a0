package io.lockweave.jdbc.connection;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Whether a data source has a connection to give at once, as far as it says so. */
@FunctionalInterface
interface IdleConnections {

    /** False also if that is not known. */
    boolean areThere();

    static IdleConnections of(DataSource dataSource) {
        try {
            return OfHikari.of(dataSource);
        } catch (NoClassDefFoundError e) {
            return () -> false; // HikariCP is not on the class path
        }
    }

    /** HikariCP says how many wait and how many are idle. */
    record OfHikari(HikariDataSource pool) implements IdleConnections {

        static IdleConnections of(DataSource dataSource) {
            try {
                return dataSource instanceof HikariDataSource || dataSource.isWrapperFor(HikariDataSource.class)
                        ? new OfHikari(dataSource.unwrap(HikariDataSource.class))
                        : () -> false;
            } catch (SQLException | RuntimeException e) {
                return () -> false;
            }
        }

        @Override
        public boolean areThere() {
            HikariPoolMXBean state = pool.getHikariPoolMXBean();
            return state != null && state.getThreadsAwaitingConnection() == 0 && state.getIdleConnections() > 0;
        }
    }
}
