package io.lockweave.jdbc.row;

import io.lockweave.LockUsageException;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.Dialects;
import io.lockweave.jdbc.dialect.RowLockSql;
import io.lockweave.jdbc.dialect.TableName;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A user's table, as far as locking its rows needs to know it.
 *
 * @param quoted its name as it stands in SQL
 * @param primaryKey the quoted columns of its primary key, in their order; none if it has none
 */
record RowTable(Dialect dialect, RowLockSql rows, String name, String quoted, List<String> primaryKey) {

    static RowTable read(Connection connection, String name) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        Dialect dialect = Dialects.detect(metaData);
        RowLockSql rows = rowLocks(dialect);
        String quoted = TableName.of(name, metaData).quoted();
        String folded = TableName.folded(name, metaData);
        String[] parts = folded.split("\\.", -1); // perhaps with a catalog before the schema
        String schema = parts.length == 1 ? null : parts[parts.length - 2];
        String table = parts[parts.length - 1];
        rows.check(connection, schema, table, name);
        return new RowTable(dialect, rows, name, quoted, primaryKey(connection, rows, schema, table));
    }

    private static RowLockSql rowLocks(Dialect dialect) {
        RowLockSql rows = dialect.rows();
        if (rows == null) {
            throw new LockUsageException(
                    "Row locks need SELECT ... FOR UPDATE, which the database " + dialect.id() + " does not have"
                            + " in a form that locks rows",
                    "use @Locked there, or let the first statement of the transaction be the UPDATE");
        }
        return rows;
    }

    private static List<String> primaryKey(
            Connection connection, RowLockSql rows, @Nullable String schema, String table) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        String catalog = rows.schemasAreCatalogs() ? schema != null ? schema : connection.getCatalog() : null;
        String in = rows.schemasAreCatalogs() ? null : schema != null ? schema : connection.getSchema();
        String quote = metaData.getIdentifierQuoteString();
        TreeMap<Integer, String> columns = new TreeMap<>();
        try (ResultSet keys = metaData.getPrimaryKeys(catalog, in, table)) {
            while (keys.next()) {
                String column = keys.getString("COLUMN_NAME");
                columns.put((int) keys.getShort("KEY_SEQ"), quote + column.replace(quote, quote + quote) + quote);
            }
        }
        return List.copyOf(columns.values());
    }

    /** The columns to look in. */
    List<String> columns(Connection connection, @Nullable String column) throws SQLException {
        if (column != null && !column.isEmpty()) {
            return List.of(TableName.column("column", column, connection.getMetaData()));
        }
        if (primaryKey.isEmpty()) {
            throw new LockUsageException(
                    "Table " + name + " has no primary key, or does not exist", "name the column to look in");
        }
        return primaryKey;
    }
}
