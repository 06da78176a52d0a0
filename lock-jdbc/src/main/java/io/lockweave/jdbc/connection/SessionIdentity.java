package io.lockweave.jdbc.connection;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/** Whether a connection of a data source is one session of the database, and another connection another one. */
public final class SessionIdentity {

    /** How long it waits for a second connection; without one it is not known. */
    private static final long SECOND_WAIT = TimeUnit.SECONDS.toNanos(1);

    private SessionIdentity() {}

    /** As {@link #isShared(Connection, Connection, String)}, with a second connection if one comes soon. */
    public static boolean isShared(Connection first, ConnectionFetcher others, String sessionNumber)
            throws SQLException {
        try (Connection second = others.get(SECOND_WAIT)) {
            return isShared(first, second, sessionNumber);
        } catch (SQLTransientConnectionException e) {
            return false;
        }
    }

    /**
     * Whether these connections share sessions, as behind a pooler that gives each transaction the next free one. A
     * busy pooler may hide it; a database never shows it.
     *
     * @param sessionNumber a query for the number of the session that answers
     */
    public static boolean isShared(Connection first, Connection second, String sessionNumber) throws SQLException {
        long before = number(first, sessionNumber);
        return number(second, sessionNumber) == before || number(first, sessionNumber) != before;
    }

    private static long number(Connection connection, String sessionNumber) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(true); // in a transaction every pooler keeps the session
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sessionNumber)) {
            row.next();
            return row.getLong(1);
        } finally {
            connection.setAutoCommit(autoCommit);
        }
    }
}
