package io.lockweave.jdbc.row;

import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.TableLocation;
import io.lockweave.jdbc.dialect.TableName;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A user's table and its columns, read once. Two tables of one name in two schemas are two.
 *
 * @param name as the user wrote it
 * @param columns by the name that the database knows; none if there is no such table
 * @param primaryKey the columns of its primary key by their place in it; none if it has none
 */
public record UserTable(
        Dialect dialect,
        String name,
        String quoted,
        TableLocation location,
        Map<String, TableColumn> columns,
        Map<Integer, TableColumn> primaryKey) {

    static UserTable read(Connection connection, Dialect dialect, TableName name, TableLocation location)
            throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        Map<String, TableColumn> columns = new LinkedHashMap<>();
        try (ResultSet row = metaData.getColumns(
                location.catalog(), location.schemaPattern(metaData), location.tablePattern(metaData), null)) {
            while (row.next()) {
                String column = row.getString("COLUMN_NAME");
                columns.putIfAbsent(
                        column,
                        new TableColumn(
                                column,
                                TableName.quoted(column, metaData),
                                row.getInt("DATA_TYPE"),
                                dialect.keyType(row.getString("TYPE_NAME"))));
            }
        }
        Map<Integer, TableColumn> primaryKey = new TreeMap<>();
        try (ResultSet row = metaData.getPrimaryKeys(location.catalog(), location.schema(), location.table())) {
            while (row.next()) {
                TableColumn column = columns.get(row.getString("COLUMN_NAME"));
                if (column != null) {
                    primaryKey.put((int) row.getShort("KEY_SEQ"), column);
                }
            }
        }
        return new UserTable(dialect, name.written(), name.quoted(), location, columns, primaryKey);
    }

    /** A column by the name the user gave it. */
    public TableColumn column(String what, String written, DatabaseMetaData metaData) throws SQLException {
        String known = TableName.folded(what, written, metaData);
        TableColumn column = columns.get(known);
        if (column != null) {
            return column;
        }
        for (TableColumn any : columns.values()) {
            if (any.name().equalsIgnoreCase(known) && !written.startsWith("\"")) {
                return any;
            }
        }
        return new TableColumn(known, TableName.quoted(known, metaData), Types.OTHER, "unknown"); // the database tells
    }

    /** The key as a value of the column. */
    public Object convert(TableColumn column, Object key) {
        return KeyType.convert(name, column, key);
    }

    /** Binds a converted key. */
    public void bind(PreparedStatement statement, int index, TableColumn column, @Nullable Object value)
            throws SQLException {
        dialect.bindKey(statement, index, column.jdbcType(), column.typeName(), value);
    }
}
