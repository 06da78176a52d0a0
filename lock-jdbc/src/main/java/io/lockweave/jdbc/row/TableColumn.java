package io.lockweave.jdbc.row;

/**
 * A column of a user's table.
 *
 * @param name as the database knows it
 * @param quoted as it stands in SQL
 * @param jdbcType of {@link java.sql.Types}
 * @param typeName the database's name of its type
 */
public record TableColumn(String name, String quoted, int jdbcType, String typeName) {}
