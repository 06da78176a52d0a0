package io.lockweave.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Transactions on a database, in this thread and in others. */
@Timeout(60)
abstract class RowLocksFixture {

    static final Duration SHORT = Duration.ofMillis(300);

    final RowLocks rowLocks = new RowLocks();
    private final List<Connection> opened = new ArrayList<>();

    abstract TestDatabase database();

    /** The type of a column for a UUID. */
    String uuidType() {
        return "uuid";
    }

    /** How long a wait of {@link #SHORT} takes at most. */
    Duration shortAtMost() {
        return Duration.ofSeconds(3);
    }

    @AfterEach
    void end() throws SQLException {
        for (Connection connection : opened) {
            if (!connection.isClosed()) {
                connection.rollback();
                connection.close();
            }
        }
    }

    Connection begin() throws SQLException {
        Connection connection = database().pool().getConnection();
        synchronized (opened) {
            opened.add(connection);
        }
        connection.setAutoCommit(false);
        return connection;
    }

    /** In a thread of its own, as another transaction usually is. */
    <T> Future<T> elsewhere(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "elsewhere");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    static <T> T result(Future<T> future) throws Exception {
        return future.get(40, TimeUnit.SECONDS);
    }

    /** Locks it in another thread and transaction, which stays open. */
    Connection lockedElsewhere(RowLock lock) throws Exception {
        return result(elsewhere(() -> {
            Connection connection = begin();
            rowLocks.lock(connection, lock);
            return connection;
        }));
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long number(String sql) throws SQLException {
        return Long.parseLong(text(sql));
    }

    long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    String text(String sql) throws SQLException {
        try (Connection connection = database().pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
