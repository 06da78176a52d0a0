package io.lockweave.jdbc.dialect;

import io.lockweave.LockUsageException;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The name of a table, perhaps with its schema, checked and quoted. Its letters are folded as the database folds them in
 * names without quotes, so that people find the table by the name they gave.
 *
 * @param written as the user wrote it
 * @param quoted as it stands in SQL
 * @param schemaPrefix the quoted schema with a dot behind it, or empty
 */
public record TableName(String written, String quoted, String schemaPrefix) {

    private static final Pattern PART = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]{0,62}");

    public static TableName of(String name, DatabaseMetaData metaData) throws SQLException {
        String[] parts = parts("table", name);
        String quoted = Arrays.stream(parts).map(quoting(metaData)::quote).collect(Collectors.joining("."));
        return new TableName(name, quoted, quoted.substring(0, quoted.lastIndexOf('.') + 1));
    }

    /** A single name, such as a column's. */
    public static String column(String what, String name, DatabaseMetaData metaData) throws SQLException {
        if (!PART.matcher(name).matches()) {
            throw refused(what, name);
        }
        return quoting(metaData).quote(name);
    }

    private static String[] parts(String what, String name) {
        String[] parts = name.split("\\.", -1);
        if (parts.length > 3
                || !Arrays.stream(parts).allMatch(part -> PART.matcher(part).matches())) {
            throw refused(what, name);
        }
        return parts;
    }

    private static LockUsageException refused(String what, String name) {
        return new LockUsageException(
                "The " + what + " name " + SqlText.shown(name) + " is not a plain SQL name",
                "use letters, digits, _ and $, with the schema before a dot if needed");
    }

    /** The part of the last name that metadata knows: folded, without quotes. */
    public static String folded(String name, DatabaseMetaData metaData) throws SQLException {
        return quoting(metaData).fold(name);
    }

    private static Quoting quoting(DatabaseMetaData metaData) throws SQLException {
        String quote = metaData.getIdentifierQuoteString();
        return new Quoting(
                quote == null || quote.isBlank() ? "" : quote,
                metaData.storesUpperCaseIdentifiers(),
                metaData.storesLowerCaseIdentifiers());
    }

    private record Quoting(String mark, boolean upper, boolean lower) {

        String fold(String part) {
            return upper ? part.toUpperCase(Locale.ROOT) : lower ? part.toLowerCase(Locale.ROOT) : part;
        }

        String quote(String part) {
            return mark + fold(part) + mark;
        }
    }

    @Override
    public String toString() {
        return written;
    }
}
