package io.lockweave.jdbc;

import io.lockweave.LockBackendException;
import io.lockweave.LockUsageException;
import io.lockweave.jdbc.connection.SqlFailures;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.Dialects;
import io.lockweave.jdbc.dialect.SqlText;
import io.lockweave.jdbc.row.RowKeys;
import io.lockweave.jdbc.row.TableColumn;
import io.lockweave.jdbc.row.UserTable;
import io.lockweave.jdbc.row.UserTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;

/**
 * Guards rows of the user's own table against writers whose lock was lost: a process that slept through the end of its
 * lease and wakes up in the middle of its work. The row remembers the newest fence that has been at it, in a column of
 * its own ({@code fence bigint not null default 0}), and a writer with an older one is refused in the same transaction.
 *
 * <pre>{@code
 * static final FencedRows ARTICLES = FencedRows.of("article", "id", "fence");
 *
 * try (HeldLock lock = locks.acquire(LockKey.of("article", 42))) {
 *     connection.setAutoCommit(false);
 *     ARTICLES.admit(connection, 42, lock.fence());
 *     // write article 42
 *     connection.commit();
 * }
 * }</pre>
 *
 * <p>Every writer of the table has to do so. Immutable; safe for use from any thread.
 */
public final class FencedRows {

    private static final int TRIES = 2;

    private static final UserTables TABLES = new UserTables();

    private final String table;
    private final String keyColumn;
    private final String fenceColumn;

    private FencedRows(String table, String keyColumn, String fenceColumn) {
        this.table = Objects.requireNonNull(table, "table");
        this.keyColumn = Objects.requireNonNull(keyColumn, "keyColumn");
        this.fenceColumn = Objects.requireNonNull(fenceColumn, "fenceColumn");
    }

    /**
     * The rows of this table, known by this column, with the fence in that one. The key column must be unique: of
     * several rows with one key, one that has an older fence would let a late writer in.
     */
    public static FencedRows of(String table, String keyColumn, String fenceColumn) {
        return new FencedRows(table, keyColumn, fenceColumn);
    }

    /**
     * Marks the row with the fence, unless a newer one has been there. The row stays locked until the transaction ends,
     * so nobody comes in between this and the write.
     *
     * @throws StaleFenceException if a newer fence has been there; nothing was changed
     * @throws MissingRowException if there is no such row
     * @throws LockUsageException if the key is no value of the column's type
     * @throws LockUsageException if the connection is in auto-commit mode, so that guard and write would be two
     *     transactions; if a name is not a plain SQL name
     * @throws LockBackendException if the database fails
     */
    public void admit(Connection connection, Object key, long fence) {
        Dialect database = Dialects.PORTABLE;
        try {
            if (connection.getAutoCommit()) {
                throw new LockUsageException(
                        "A fenced write to table " + table + " is begun without a transaction (the connection is in"
                                + " auto-commit mode)",
                        "begin a transaction before, so that the guard and the write are one");
            }
            database = Dialects.detect(connection.getMetaData());
            UserTable rows = TABLES.of(connection, database, table);
            TableColumn known = rows.column("column", keyColumn, connection.getMetaData());
            String column =
                    rows.column("column", fenceColumn, connection.getMetaData()).quoted();
            Object value = rows.convert(known, key);
            String where = " where " + known.quoted() + " = ?";
            String raise = "update " + rows.quoted() + " set " + column + " = ?" + where + " and (" + column
                    + " is null or " + column + " <= ?)";
            // With a lock, because a snapshot would show the row as it was when the transaction began.
            String lock = database.locksByReading() ? " for update" : "";
            String read = "select " + column + " from " + rows.quoted() + where + lock;
            long newest = fence;
            for (int i = 0; i < TRIES && newest <= fence; i++) {
                if (raised(connection, raise, rows, known, value, fence)) {
                    return;
                }
                newest = newest(connection, read, rows, known, value);
                // Some drivers count no row where the fence was there already. A row that came in between is not locked
                // unless the reading locked it, so that it has to be raised again.
                if (newest == fence && (i > 0 || database.locksByReading())) {
                    return;
                }
            }
            throw new StaleFenceException("row " + shown(key) + " of table " + table, fence, newest);
        } catch (SQLException e) {
            throw SqlFailures.translate(database, "Guarding a write to table " + table, e);
        }
    }

    private static boolean raised(
            Connection connection, String sql, UserTable rows, TableColumn column, Object key, long fence)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setLong(1, fence);
            rows.bind(update, 2, column, key);
            update.setLong(3, fence);
            return update.executeUpdate() > 0;
        }
    }

    private long newest(Connection connection, String sql, UserTable rows, TableColumn column, Object key)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            rows.bind(query, 1, column, key);
            try (ResultSet found = query.executeQuery()) {
                if (!found.next()) {
                    throw new MissingRowException(table, shown(key));
                }
                return found.getLong(1);
            }
        }
    }

    private static String shown(Object key) {
        return SqlText.shown(RowKeys.text(key));
    }
}
