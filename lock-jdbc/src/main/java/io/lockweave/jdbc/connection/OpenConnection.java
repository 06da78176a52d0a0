package io.lockweave.jdbc.connection;

import io.lockweave.jdbc.dialect.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection lent for one call. Each statement is a transaction of its own unless {@link #transaction} binds several.
 * {@link #close()} gives the connection back as it was found.
 */
public final class OpenConnection implements AutoCloseable {

    /** Several statements that take effect together. */
    @FunctionalInterface
    public interface Steps<T> {
        T run() throws SQLException;
    }

    /** Reads one row. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private final CallTimeout bounds;
    private final Dialect dialect;
    private final boolean autoCommit;
    private final boolean readOnly;
    private final int networkTimeout;
    private boolean inTransaction;

    OpenConnection(Connection connection, Dialect dialect, CallTimeout bounds) throws SQLException {
        this.connection = connection;
        this.bounds = bounds;
        this.dialect = dialect;
        this.networkTimeout = bounds.apply(dialect, connection);
        this.readOnly = connection.isReadOnly();
        if (readOnly) {
            connection.setReadOnly(false);
        }
        this.autoCommit = connection.getAutoCommit();
    }

    /** The connection itself, for its metadata. */
    public Connection connection() {
        return connection;
    }

    public int update(String sql, @Nullable Object... values) throws SQLException {
        return finished(() -> {
            try (PreparedStatement statement = prepared(sql, values)) {
                return statement.executeUpdate();
            }
        });
    }

    /** As {@link #update}, but a row that is there already is no failure and counts as no row. */
    public int insertIfAbsent(String sql, @Nullable Object... values) throws SQLException {
        try {
            return update(sql, values);
        } catch (SQLException e) {
            if (dialect.isDuplicate(e)) {
                return 0;
            }
            throw e;
        }
    }

    /** The first row that a statement gives, be it a query or a change that returns rows; null without one. */
    public <T> @Nullable T first(String sql, Row<T> reader, @Nullable Object... values) throws SQLException {
        List<T> rows = list(0, sql, reader, values);
        return rows.isEmpty() ? null : rows.get(0);
    }

    /** As {@link #first} for an insert: a row that is there already is no failure. */
    public <T> @Nullable T firstIfAbsent(String sql, Row<T> reader, @Nullable Object... values) throws SQLException {
        try {
            return first(sql, reader, values);
        } catch (SQLException e) {
            if (dialect.isDuplicate(e)) {
                return null;
            }
            throw e;
        }
    }

    /** The rows that a statement gives, at most so many of a query if the limit is positive. */
    public <T> List<T> list(int limit, String sql, Row<T> reader, @Nullable Object... values) throws SQLException {
        return finished(() -> {
            try (PreparedStatement statement = prepared(sql, values)) {
                if (limit > 0) {
                    statement.setMaxRows(limit);
                }
                // execute, because executeQuery of some drivers refuses an INSERT that returns rows
                if (!statement.execute()) {
                    return List.of();
                }
                List<T> rows = new ArrayList<>();
                try (ResultSet result = statement.getResultSet()) {
                    while (result.next()) {
                        rows.add(reader.read(result));
                    }
                }
                return rows;
            }
        });
    }

    /** Runs statements as one transaction; any failure rolls it back. */
    public <T> T transaction(Steps<T> steps) throws SQLException {
        if (autoCommit) {
            connection.setAutoCommit(false);
        }
        inTransaction = true;
        boolean done = false;
        try {
            T result = steps.run();
            connection.commit();
            done = true;
            return result;
        } finally {
            inTransaction = false;
            if (!done) {
                rollBackQuietly();
            }
            if (autoCommit) {
                restoreAutoCommit(done);
            }
        }
    }

    /** After a failure it may fail as well, since the connection is dead, and would hide the first one. */
    private void restoreAutoCommit(boolean done) throws SQLException {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            if (done) {
                throw e;
            }
        }
    }

    /** Runs one statement; commits it if the connection came without auto-commit. */
    private <T> T finished(Steps<T> statement) throws SQLException {
        if (inTransaction || autoCommit) {
            return statement.run();
        }
        boolean done = false;
        try {
            T result = statement.run();
            connection.commit();
            done = true;
            return result;
        } finally {
            if (!done) {
                rollBackQuietly();
            }
        }
    }

    private PreparedStatement prepared(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            bounds.apply(dialect, statement);
            for (int i = 0; i < values.length; i++) {
                Object value = values[i];
                if (value instanceof Long number) {
                    statement.setLong(i + 1, number);
                } else if (value instanceof Integer number) {
                    statement.setInt(i + 1, number);
                } else {
                    statement.setString(i + 1, (String) value);
                }
            }
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private void rollBackQuietly() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // the failure that led here tells more
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            if (readOnly) {
                connection.setReadOnly(true);
            }
            bounds.restore(connection, networkTimeout);
        } catch (SQLException e) {
            // a connection that cannot be given back in order is broken, which its pool finds out by itself
            if (!connection.isClosed()) {
                connection.close();
            }
        }
    }
}
