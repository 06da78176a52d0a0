package io.lockweave.jdbc.row;

import io.lockweave.jdbc.dialect.WaitSetting;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;

/** Steps that leave the transaction and its settings as they were if they fail. */
final class Savepoints {

    /** What may fail. */
    @FunctionalInterface
    interface Step<T> {
        T run() throws SQLException;
    }

    private Savepoints() {}

    /** Goes back to where the transaction was if the step fails. */
    static <T> T kept(Connection connection, Step<T> step) throws SQLException {
        Savepoint before = connection.setSavepoint();
        boolean done = false;
        try {
            T result = step.run();
            done = true;
            return result;
        } finally {
            if (done) {
                connection.releaseSavepoint(before);
            } else if (!connection.isClosed()) {
                connection.rollback(before);
            }
        }
    }

    /** As {@link #kept}, with a bound for the step's waits; the setting is put back. */
    static <T> T keptWaiting(RowTarget target, WaitSetting setting, long millis, boolean wholeStatement, Step<T> step)
            throws SQLException {
        Step<T> waiting = () -> waiting(target, setting, millis, wholeStatement, step);
        return setting.keepsTransaction() ? waiting.run() : kept(target.connection(), waiting);
    }

    /** Runs the step with a bound for its waits, and puts the setting back. */
    static <T> T waiting(RowTarget target, WaitSetting setting, long millis, boolean wholeStatement, Step<T> step)
            throws SQLException {
        Connection connection = target.connection();
        long start = System.nanoTime();
        List<String> before = setting.set(connection, millis, wholeStatement);
        boolean failed = true;
        try {
            T result = step.run();
            failed = false;
            return result;
        } catch (SQLException e) {
            boolean over = System.nanoTime() - start >= millis * 1_000_000;
            throw over && target.table().dialect().isStatementTimeout(e) ? lockTimeout(e) : e;
        } finally {
            setting.restore(connection, before, failed);
        }
    }

    /** PostgreSQL's time-out of the whole statement, as a lock's. */
    private static SQLException lockTimeout(SQLException e) {
        return new SQLException(e.getMessage(), "55P03", e);
    }
}
