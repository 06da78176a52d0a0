package io.lockweave.jdbc.connection;

import io.lockweave.jdbc.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * How long a database call may take. Bounded in the socket where the driver can, which also helps against a server that
 * is frozen, else by the statement's own time-out. Goes by the database, because a pool drops a connection whose driver
 * says that it cannot.
 */
public final class CallTimeout {

    private static final int UNCHANGED = -1;

    private final int millis;

    public CallTimeout(Duration timeout) {
        this.millis = (int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toMillis()));
    }

    /** Bounds the connection; returns what to restore. */
    public int apply(Dialect dialect, Connection connection) throws SQLException {
        if (!dialect.hasNetworkTimeout()) {
            return UNCHANGED;
        }
        int before = connection.getNetworkTimeout();
        if (before > 0 && before <= millis) {
            return UNCHANGED;
        }
        connection.setNetworkTimeout(Runnable::run, millis);
        return before;
    }

    public void restore(Connection connection, int before) throws SQLException {
        if (before != UNCHANGED && !connection.isClosed()) {
            connection.setNetworkTimeout(Runnable::run, before);
        }
    }

    void apply(Dialect dialect, Statement statement) throws SQLException {
        if (!dialect.hasNetworkTimeout()) {
            statement.setQueryTimeout(Math.max(1, millis / 1_000));
        }
    }
}
