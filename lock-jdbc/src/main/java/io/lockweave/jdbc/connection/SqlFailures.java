package io.lockweave.jdbc.connection;

import io.lockweave.LockBackendException;
import io.lockweave.jdbc.dialect.Dialect;
import java.sql.SQLException;
import java.sql.SQLTransientException;

/** What an {@link SQLException} means for a lock, beyond what its database says of it. */
public final class SqlFailures {

    private SqlFailures() {}

    /** Whether the connection is dead; what was sent on it may or may not have been done. */
    public static boolean isConnectionGone(SQLException e) {
        return Dialect.state(e).startsWith("08") && !(e instanceof SQLTransientException);
    }

    /**
     * Whether what was asked was surely not done: undone because of contention, or never sent on a closed connection.
     */
    static boolean isSurelyNotDone(Dialect dialect, SQLException e) {
        String state = Dialect.state(e);
        return (dialect.isContention(e) && !state.equals("40003")) || state.equals("08003");
    }

    /** Which of the two kinds of backend failure it is, with what was being done and the database's own words. */
    public static LockBackendException translate(Dialect dialect, String doing, SQLException e) {
        if (e instanceof NoConnectionException) {
            return LockBackendException.passing(
                    doing + " failed: " + oneLine(e) + ". To fix it: give the locks connections of their own"
                            + " (lockweave.jdbc.own-pool in Spring, lockweave.jdbc.url, or a DataSource that nothing"
                            + " else uses), or make the pool larger",
                    e);
        }
        String said = doing + " failed: " + oneLine(e) + " (SQLSTATE " + e.getSQLState() + ", code " + e.getErrorCode()
                + ")" + dialect.remedy(e);
        if (dialect.isLasting(e)) {
            return LockBackendException.lasting(said, e);
        }
        if (dialect.isLockTimeout(e)) {
            said += ": a row of the lock table stays locked by another transaction";
        }
        return LockBackendException.passing(said, e);
    }

    private static String oneLine(SQLException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
