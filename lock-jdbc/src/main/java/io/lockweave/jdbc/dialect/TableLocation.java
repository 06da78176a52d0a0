package io.lockweave.jdbc.dialect;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Where a table is, as metadata names it; null: not told apart.
 *
 * @param url the database
 */
public record TableLocation(
        String url, @Nullable String catalog, @Nullable String schema, String table) {

    /** The table under the schema it names, or under the connection's own. */
    static TableLocation bySchema(Connection connection, TableName name) throws SQLException {
        String schema = name.schema() != null ? name.schema() : connection.getSchema();
        return new TableLocation(connection.getMetaData().getURL(), null, schema, name.table());
    }

    /** The same where schemas are catalogs to JDBC. */
    static TableLocation byCatalog(Connection connection, TableName name) throws SQLException {
        String catalog = name.schema() != null ? name.schema() : connection.getCatalog();
        return new TableLocation(connection.getMetaData().getURL(), catalog, null, name.table());
    }

    /** The schema as a pattern of metadata that means just it. */
    public @Nullable String schemaPattern(DatabaseMetaData metaData) throws SQLException {
        return schema == null ? null : pattern(metaData, schema);
    }

    /** The table as a pattern of metadata that means just it. */
    public String tablePattern(DatabaseMetaData metaData) throws SQLException {
        return pattern(metaData, table);
    }

    private static String pattern(DatabaseMetaData metaData, String name) throws SQLException {
        String escape = metaData.getSearchStringEscape();
        return escape == null || escape.isEmpty()
                ? name
                : name.replace(escape, escape + escape)
                        .replace("_", escape + "_")
                        .replace("%", escape + "%");
    }
}
