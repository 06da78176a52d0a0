package io.lockweave.jdbc.row;

import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import io.lockweave.jdbc.dialect.RowLockSql;
import io.lockweave.jdbc.dialect.RowSelect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table, looked for in some columns of it, to be locked in a transaction.
 *
 * @param columns where to look
 */
record RowTarget(
        Connection connection, UserTable table, RowLockSql sql, List<TableColumn> columns, RowRequest request) {

    static RowTarget of(Connection connection, UserTable table, RowLockSql sql, RowRequest request)
            throws SQLException {
        String column = request.column();
        if (column != null && !column.isEmpty()) {
            TableColumn found = table.column("column", column, connection.getMetaData());
            return new RowTarget(connection, table, sql, List.of(found), request);
        }
        if (table.primaryKey().isEmpty()) {
            throw new LockUsageException(
                    "Table " + table.name() + " has no primary key, or does not exist", "name the column to look in");
        }
        return new RowTarget(
                connection, table, sql, List.copyOf(table.primaryKey().values()), request);
    }

    /** Whether the key is that of one row. */
    boolean byPrimaryKey() {
        return request.column() == null || request.column().isEmpty();
    }

    /** A row or rows for messages: table, column and value. */
    LockKey key(List<Object> values) {
        String at = byPrimaryKey() ? table.name() : table.name() + "." + request.column();
        return LockKey.of("row of " + at, RowKeys.text(values));
    }

    /** The statement's parts for one key. */
    RowSelect select(boolean skipsLocked, @Nullable Duration waitTime) {
        String primaryKey = primaryKey("");
        return new RowSelect(
                found() + sql.transactionColumn(),
                table.quoted(),
                where(),
                byPrimaryKey() || primaryKey.isEmpty() ? "" : " order by " + primaryKey,
                request.strength(),
                skipsLocked,
                waitTime);
    }

    /** The same rows without a lock, by their primary keys. */
    String lookSql() {
        return "select " + found() + " from " + table.quoted() + " where " + where();
    }

    private String found() {
        String primaryKey = primaryKey("");
        return primaryKey.isEmpty() ? "1" : primaryKey;
    }

    private String where() {
        return columns.stream()
                .map(column -> column.quoted() + " = " + sql.parameter(column.typeName()))
                .collect(Collectors.joining(" and "));
    }

    /** The columns of the primary key, each behind a prefix; empty if there is none. */
    String primaryKey(String prefix) {
        return table.primaryKey().values().stream()
                .map(column -> prefix + column.quoted())
                .collect(Collectors.joining(", "));
    }

    /** The primary key of a row as text, read from a column on; or how it was found if the table has none. */
    String row(ResultSet row, int first, List<Object> values) throws SQLException {
        int width = table.primaryKey().size();
        if (width == 0) {
            return columns.stream().map(TableColumn::quoted).toList() + " = " + RowKeys.text(values);
        }
        List<Object> key = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            key.add(row.getObject(first + i));
        }
        return RowKeys.text(key);
    }
}
