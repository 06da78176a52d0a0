package io.lockweave.jdbc.row;

import io.lockweave.LockKey;
import io.lockweave.jdbc.dialect.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The locking of the row or rows of one key. */
public final class RowStatement {

    /** PostgreSQL; gives the time-out as it was. */
    private static final String SET_LOCK_TIMEOUT = """
            with old as materialized (select current_setting('lock_timeout') as l),
            done as materialized (select set_config('lock_timeout', ?, true) from old)
            select l from old, done""";

    /** The same with the time-out of statements, unless that is shorter already. */
    private static final String SET_BOTH_TIMEOUTS = """
            with old as materialized (
              select current_setting('lock_timeout') as l, current_setting('statement_timeout') as s),
            done as materialized (select set_config('lock_timeout', ?, true),
              case when s::interval = interval '0' or s::interval > cast(? as interval)
                then set_config('statement_timeout', ?, true) end from old)
            select l, s from old, done""";

    private static final String RESTORE = "select set_config('lock_timeout', ?, true)";

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

    Database database() {
        return table.database();
    }

    /**
     * The rows it is about, without a lock: their primary keys as text. On MySQL and MariaDB the database is not asked for a
     * row by its primary key: a plain SELECT fixes what the transaction sees, and what comes under the lock later would be
     * read as it was before.
     */
    List<String> look() throws SQLException {
        if (table.database().isMySqlKind() && lock.column() == null) {
            return List.of(RowKeys.text(values));
        }
        return rows(RowLockSql.look(table, columns));
    }

    /** Locks what can be locked without waiting, all or nothing; nothing if a row is locked elsewhere. */
    Optional<List<String>> runAtOnce() throws SQLException {
        try {
            return Optional.of(new RowStatement(connection, table, columns, lock.noWait(), values).run(Duration.ZERO));
        } catch (SQLException e) {
            if (RowFailures.isLockTimeout(e)) {
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
        if (table.database() != Database.POSTGRESQL) {
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
        if (waitTime == null || waitTime.isZero() || !RowLockSql.waitsBySetting(table.database())) {
            return rows(RowLockSql.select(table, columns, lock, waitTime));
        }
        long start = System.nanoTime();
        List<String> before = set(waitTime);
        boolean failed = true;
        try {
            List<String> rows = rows(RowLockSql.select(table, columns, lock, waitTime));
            failed = false;
            return rows;
        } catch (SQLException e) {
            boolean over = System.nanoTime() - start >= RowLockSql.wholeMillis(waitTime) * 1_000_000;
            throw over && RowFailures.isStatementTimeout(e) ? RowFailures.lockTimeout(e) : e;
        } finally {
            // On PostgreSQL the savepoint takes it back after a failure, and nothing else would be let through.
            if (!failed || table.database() == Database.MYSQL) {
                restore(before);
            }
        }
    }

    /** Returns what it was before. */
    private List<String> set(Duration waitTime) throws SQLException {
        if (table.database() == Database.POSTGRESQL) {
            String time = RowLockSql.wholeMillis(waitTime) + "ms";
            // The wait for a lock is counted for each row anew, so where there may be several the whole statement is
            // bounded.
            return lock.column() == null ? texts(SET_LOCK_TIMEOUT, time) : texts(SET_BOTH_TIMEOUTS, time, time, time);
        }
        List<String> before = texts("select @@innodb_lock_wait_timeout");
        execute("set innodb_lock_wait_timeout = " + RowLockSql.wholeSeconds(waitTime));
        return before;
    }

    private void restore(List<String> before) throws SQLException {
        if (table.database() == Database.POSTGRESQL) {
            String restore = before.size() == 1 ? RESTORE : RESTORE + ", set_config('statement_timeout', ?, true)";
            texts(restore, before.toArray(new String[0]));
        } else {
            execute("set innodb_lock_wait_timeout = " + Long.parseLong(before.get(0)));
        }
    }

    /** The columns of the one row that a query gives. */
    private List<String> texts(String sql, String... arguments) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                query.setString(i + 1, arguments[i]);
            }
            try (ResultSet row = query.executeQuery()) {
                row.next();
                List<String> texts = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    texts.add(row.getString(i));
                }
                return texts;
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    private List<String> rows(String sql) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            bind(query, table.database(), values);
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

    static void bind(PreparedStatement statement, Database database, List<Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            bindAt(statement, i + 1, database, values.get(i));
        }
    }

    public static void bindAt(PreparedStatement statement, int index, Database database, Object value)
            throws SQLException {
        boolean asText = value instanceof UUID && database.isMySqlKind();
        statement.setObject(index, asText ? value.toString() : value);
    }
}
