package io.lockweave.jdbc.row;

import io.lockweave.LockUsageException;
import io.lockweave.jdbc.dialect.Database;
import io.lockweave.jdbc.dialect.TableName;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A user's table, as far as locking its rows needs to know it.
 *
 * @param quoted its name as it stands in SQL
 * @param primaryKey the quoted columns of its primary key, in their order; none if it has none
 */
record RowTable(Database database, String name, String quoted, List<String> primaryKey) {

    /** MySQL's engines with locks on rows. The others lock nothing on FOR UPDATE, or the whole table, and say nothing. */
    private static final Set<String> ENGINES_WITH_ROW_LOCKS =
            Set.of("innodb", "rocksdb", "tokudb", "ndbcluster", "ndb");

    static RowTable read(Connection connection, String name) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        Database database = Database.detect(metaData);
        requireRowLocks(database);
        String quoted = TableName.of(name, metaData).quoted();
        String folded = TableName.folded(name, metaData);
        String[] parts = folded.split("\\.", -1); // perhaps with a catalog before the schema
        String schema = parts.length == 1 ? null : parts[parts.length - 2];
        String table = parts[parts.length - 1];
        if (database.isMySqlKind()) {
            requireEngine(connection, schema, table, name);
        }
        return new RowTable(database, name, quoted, primaryKey(connection, database, schema, table));
    }

    private static void requireRowLocks(Database database) {
        switch (database) {
            case POSTGRESQL, MYSQL, MARIADB, H2, ORACLE -> {}
            default ->
                throw new LockUsageException(
                        "Row locks need SELECT ... FOR UPDATE, which the database " + database.id() + " does not have"
                                + " in a form that locks rows",
                        "use @Locked there, or let the first statement of the transaction be the UPDATE");
        }
    }

    private static void requireEngine(Connection connection, @Nullable String schema, String table, String name)
            throws SQLException {
        String sql = "select engine, table_type from information_schema.tables where table_name = ? and table_schema = "
                + (schema == null ? "database()" : "?");
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, table);
            if (schema != null) {
                query.setString(2, schema);
            }
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return;
                }
                if (row.getString(2).toUpperCase(Locale.ROOT).contains("VIEW")) {
                    throw new LockUsageException(
                            name + " is a view, and the engine of its tables, which may have no locks on rows, is not"
                                    + " known by it",
                            "lock the rows of its table");
                }
                String engine = row.getString(1);
                if (engine != null && !ENGINES_WITH_ROW_LOCKS.contains(engine.toLowerCase(Locale.ROOT))) {
                    throw new LockUsageException(
                            "Table " + name + " is kept by the engine " + engine
                                    + ", on which SELECT ... FOR UPDATE locks no row and says nothing",
                            "alter table " + name + " engine = InnoDB, or use @Locked");
                }
            }
        }
    }

    private static List<String> primaryKey(
            Connection connection, Database database, @Nullable String schema, String table) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        String catalog = database.isMySqlKind() ? schema != null ? schema : connection.getCatalog() : null;
        String in = database.isMySqlKind() ? null : schema != null ? schema : connection.getSchema();
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
