package io.lockweave.jdbc.connection;

import io.lockweave.LockBackendException;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTransientException;
import java.util.Set;

/** What an {@link SQLException} means for a lock. */
public final class SqlFailures {

    /** Class of the SQLSTATE, or whole ones, that only people can mend: rights, names, data, log-in. */
    private static final Set<String> LASTING = Set.of("0A", "22", "23", "28", "3D", "3F", "42");

    private static final int MYSQL_LOCK_WAIT = 1205;
    private static final int MYSQL_DEADLOCK = 1213;
    private static final int MYSQL_ROW_CHANGED = 1020;
    private static final String DERBY_LOCK_WAIT = "40XL1";
    private static final int H2_CONCURRENT_UPDATE = 90131;
    /** No such table or column, no right, read-only, not a database. */
    private static final Set<Integer> SQLITE_LASTING = Set.of(1, 3, 8, 23, 26);

    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_LOCKED = 6;
    private static final int SQLITE_CONSTRAINT = 19;

    private SqlFailures() {}

    /** Whether the database undid the statement because of another one beside it: trying again is right, and soon. */
    public static boolean isContention(SQLException e) {
        String state = state(e);
        int code = e.getErrorCode();
        if (isWaitedFor(e)) {
            return false;
        }
        return state.startsWith("40")
                || (code == MYSQL_DEADLOCK && state.equals("HY000"))
                || (code == MYSQL_ROW_CHANGED && state.equals("HY000"))
                || code == H2_CONCURRENT_UPDATE
                || (isSqlite(e) && ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED));
    }

    /** Whether it is a wait for a row that ended in its time-out, where the driver calls that as it calls a deadlock. */
    private static boolean isWaitedFor(SQLException e) {
        boolean mySql = e.getClass().getName().startsWith("com.mysql."); // 1205 is SQL Server's deadlock
        return (mySql && e.getErrorCode() == MYSQL_LOCK_WAIT) || state(e).equals(DERBY_LOCK_WAIT);
    }

    /** Whether a row with this primary key is there already. */
    public static boolean isDuplicate(SQLException e) {
        return state(e).startsWith("23") || (isSqlite(e) && (e.getErrorCode() & 0xff) == SQLITE_CONSTRAINT);
    }

    /** Whether the connection is dead; what was sent on it may or may not have been done. */
    public static boolean isConnectionGone(SQLException e) {
        return state(e).startsWith("08") && !(e instanceof SQLTransientException);
    }

    /** Whether the server ended the connection and said so (PostgreSQL 57P01 and its like): another one may do. */
    public static boolean isEndedByServer(SQLException e) {
        return state(e).startsWith("57P0");
    }

    /** Whether what was asked was surely not done: undone because of contention, or never sent on a closed connection. */
    public static boolean isSurelyNotDone(SQLException e) {
        return (isContention(e) && !state(e).equals("40003")) || state(e).equals("08003");
    }

    private static boolean isSqlite(SQLException e) {
        return e.getClass().getName().startsWith("org.sqlite.");
    }

    public static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "" : state;
    }

    /** Which of the two kinds of backend failure it is, with what was being done and the database's own words. */
    public static LockBackendException translate(String doing, SQLException e) {
        String said =
                doing + " failed: " + oneLine(e) + " (SQLSTATE " + e.getSQLState() + ", code " + e.getErrorCode() + ")";
        if (isLasting(e)) {
            return LockBackendException.lasting(said, e);
        }
        if (e.getErrorCode() == MYSQL_LOCK_WAIT) {
            said += ": a row of the lock table stays locked by another transaction";
        }
        return LockBackendException.passing(said, e);
    }

    public static boolean isLasting(SQLException e) {
        String state = state(e);
        if (e instanceof SQLTransientException || state.startsWith("08")) {
            return false;
        }
        if (isSqlite(e)) {
            return SQLITE_LASTING.contains(e.getErrorCode() & 0xff);
        }
        return (state.length() == 5 && LASTING.contains(state.substring(0, 2)))
                || (e instanceof SQLNonTransientException && !isContention(e));
    }

    private static String oneLine(SQLException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
