package io.lockweave.jdbc.connection;

import io.lockweave.jdbc.dialect.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a database call may take. Bounded in the socket where the driver can, which also helps against a server that is
 * frozen, else by the statement's own time-out.
 */
public final class CallTimeout {

    private static final int UNCHANGED = -1;

    private final int millis;
    private volatile @Nullable Boolean bySocket;

    public CallTimeout(Duration timeout) {
        this.millis = (int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toMillis()));
    }

    /** Bounds the connection; returns what to restore. */
    public int apply(Connection connection) throws SQLException {
        if (!isBySocket(connection)) {
            return UNCHANGED;
        }
        int before = connection.getNetworkTimeout();
        if (before > 0 && before <= millis) {
            return UNCHANGED;
        }
        connection.setNetworkTimeout(Runnable::run, millis);
        return before;
    }

    /** Goes by the database, because a pool drops a connection whose driver says that it cannot. */
    private boolean isBySocket(Connection connection) throws SQLException {
        Boolean known = bySocket;
        if (known == null) {
            known = Database.detect(connection.getMetaData()).hasNetworkTimeout();
            bySocket = known;
        }
        return known;
    }

    public void restore(Connection connection, int before) throws SQLException {
        if (before != UNCHANGED && !connection.isClosed()) {
            connection.setNetworkTimeout(Runnable::run, before);
        }
    }

    public void apply(Statement statement) throws SQLException {
        if (Boolean.FALSE.equals(bySocket)) {
            statement.setQueryTimeout(Math.max(1, millis / 1_000));
        }
    }
}
