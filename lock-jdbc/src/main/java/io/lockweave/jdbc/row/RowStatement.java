package io.lockweave.jdbc.row;

import io.lockweave.LockKey;
import io.lockweave.jdbc.dialect.RowLockSql;
import io.lockweave.jdbc.dialect.RowSelect;
import io.lockweave.jdbc.dialect.WaitSetting;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The locking of the row or rows of one key. */
final class RowStatement {

    private final Connection connection;
    private final RowTable table;
    private final List<String> columns;
    private final RowRequest lock;
    private final List<Object> values;

    RowStatement(Connection connection, RowTable table, List<String> columns, RowRequest lock, List<Object> values) {
        this.connection = connection;
        this.table = table;
        this.columns = columns;
        this.lock = lock;
        this.values = values;
    }

    /** The row for messages: table, column and value. */
    LockKey key() {
        String at = lock.column() == null ? table.name() : table.name() + "." + lock.column();
        return LockKey.of("row of " + at, RowKeys.text(values));
    }

    /** What its table is called in SQL. */
    String table() {
        return table.quoted();
    }

    /** A query that tells a transaction from the next one on its connection, or empty. */
    String transactionId() {
        return table.rows().transactionId();
    }

    /**
     * The rows it is about, without a lock: their primary keys as text. On MySQL and MariaDB the database is not asked for a
     * row by its primary key: a plain SELECT fixes what the transaction sees, and what comes under the lock later would be
     * read as it was before.
     */
    List<String> look() throws SQLException {
        if (table.rows().readFixesWhatIsSeen() && lock.column() == null) {
            return List.of(RowKeys.text(values));
        }
        return rows(select(null).withoutLock());
    }

    /** Locks what can be locked without waiting, all or nothing; nothing if a row is locked elsewhere. */
    Optional<List<String>> runAtOnce() throws SQLException {
        try {
            return Optional.of(new RowStatement(connection, table, columns, lock.noWait(), values).run(Duration.ZERO));
        } catch (SQLException e) {
            if (table.dialect().isLockTimeout(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Locks within the time; null: as the database is set. Returns the rows' primary keys as text, or how each was found if
     * the table has none.
     */
    List<String> run(@Nullable Duration waitTime) throws SQLException {
        if (!table.rows().failureEndsTransaction()) {
            return runWithSetting(waitTime);
        }
        // A statement that fails would leave nothing of the transaction but its end.
        Savepoint before = connection.setSavepoint();
        boolean done = false;
        try {
            List<String> rows = runWithSetting(waitTime);
            done = true;
            return rows;
        } finally {
            if (done) {
                connection.releaseSavepoint(before);
            } else {
                rollBack(before);
            }
        }
    }

    private void rollBack(Savepoint before) throws SQLException {
        if (!connection.isClosed()) {
            connection.rollback(before);
        }
    }

    private List<String> runWithSetting(@Nullable Duration waitTime) throws SQLException {
        String locking = table.rows().lock(table.dialect(), select(waitTime));
        WaitSetting setting = table.rows().waitSetting();
        if (waitTime == null || waitTime.isZero() || setting == null) {
            return rows(locking);
        }
        long start = System.nanoTime();
        long millis = RowLockSql.millis(waitTime);
        List<String> before = setting.set(connection, millis, lock.column() != null);
        boolean failed = true;
        try {
            List<String> rows = rows(locking);
            failed = false;
            return rows;
        } catch (SQLException e) {
            boolean over = System.nanoTime() - start >= millis * 1_000_000;
            throw over && table.dialect().isStatementTimeout(e) ? lockTimeout(e) : e;
        } finally {
            setting.restore(connection, before, failed);
        }
    }

    /** PostgreSQL's time-out of the whole statement, as a lock's. */
    private static SQLException lockTimeout(SQLException e) {
        return new SQLException(e.getMessage(), "55P03", e);
    }

    private RowSelect select(@Nullable Duration waitTime) {
        String primaryKey = String.join(", ", table.primaryKey());
        return new RowSelect(
                primaryKey.isEmpty() ? "1" : primaryKey,
                table.quoted(),
                columns.stream().map(column -> column + " = ?").collect(Collectors.joining(" and ")),
                lock.column() == null || primaryKey.isEmpty() ? "" : " order by " + primaryKey,
                lock.strength(),
                lock.skipsLocked(),
                waitTime);
    }

    private List<String> rows(String sql) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                query.setObject(i + 1, table.dialect().bindable(values.get(i)));
            }
            List<String> rows = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                int width = row.getMetaData().getColumnCount();
                while (row.next()) {
                    rows.add(table.primaryKey().isEmpty() ? search() : key(row, width));
                }
            }
            return rows;
        }
    }

    /** What rows without a primary key are known by: how they were found. */
    private String search() {
        return columns + " = " + RowKeys.text(values);
    }

    private static String key(ResultSet row, int width) throws SQLException {
        List<Object> key = new ArrayList<>(width);
        for (int i = 1; i <= width; i++) {
            key.add(row.getObject(i));
        }
        return RowKeys.text(key);
    }
}
