package io.lockweave.jdbc;

import java.sql.SQLException;

/** What the databases call a row that stays locked, and a deadlock of rows. */
final class RowFailures {

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
        return SqlFailures.state(e).equals("55P03")
                || code == MYSQL_LOCK_WAIT
                || code == MYSQL_NOWAIT
                || code == H2_LOCK_TIMEOUT
                || code == ORACLE_NOWAIT
                || code == ORACLE_WAIT;
    }

    static boolean isDeadlock(SQLException e) {
        int code = e.getErrorCode();
        return SqlFailures.state(e).equals("40P01")
                || code == MYSQL_DEADLOCK
                || code == H2_DEADLOCK
                || code == ORACLE_DEADLOCK;
    }
}
