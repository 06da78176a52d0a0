package io.lockweave.jdbc.row;

import io.lockweave.jdbc.connection.SqlFailures;
import java.sql.SQLException;

/** What the databases call a row that stays locked, and a deadlock of rows. */
final class RowFailures {

    private static final String PG_LOCK_TIMEOUT = "55P03";
    private static final int MYSQL_LOCK_WAIT = 1205;
    private static final int MYSQL_NOWAIT = 3572;
    private static final int MYSQL_DEADLOCK = 1213;
    private static final int H2_LOCK_TIMEOUT = 50200;
    private static final int H2_DEADLOCK = 40001;
    private static final int ORACLE_NOWAIT = 54;
    private static final int ORACLE_WAIT = 30006;
    private static final int ORACLE_DEADLOCK = 60;

    private RowFailures() {}

    static boolean isLockTimeout(SQLException e) {
        int code = e.getErrorCode();
        return SqlFailures.state(e).equals(PG_LOCK_TIMEOUT)
                || code == MYSQL_LOCK_WAIT
                || code == MYSQL_NOWAIT
                || code == H2_LOCK_TIMEOUT
                || code == ORACLE_NOWAIT
                || code == ORACLE_WAIT;
    }

    /** Whether PostgreSQL ended a statement, by a time-out or because it was told to. */
    static boolean isStatementTimeout(SQLException e) {
        return SqlFailures.state(e).equals("57014");
    }

    /** The failure as one of a lock that was waited for in vain. */
    static SQLException lockTimeout(SQLException e) {
        return new SQLException(e.getMessage(), PG_LOCK_TIMEOUT, e);
    }

    static boolean isDeadlock(SQLException e) {
        int code = e.getErrorCode();
        return SqlFailures.state(e).equals("40P01")
                || code == MYSQL_DEADLOCK
                || code == H2_DEADLOCK
                || code == ORACLE_DEADLOCK;
    }
}
