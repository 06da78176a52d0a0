package io.lockweave.jdbc.dialect;

import io.lockweave.LockUsageException;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a table, perhaps with its schema, checked and quoted. The letters of a part without quotes are folded as
 * the database folds them, so that people find the table by the name they gave; a part in double quotes is taken as it
 * is.
 *
 * @param written as the user wrote it
 * @param names its parts as the database knows them
 * @param quoted as it stands in SQL
 * @param schemaPrefix the quoted schema with a dot behind it, or empty
 */
public record TableName(String written, List<String> names, String quoted, String schemaPrefix) {

    private static final String PLAIN = "[A-Za-z_][A-Za-z0-9_$]{0,62}";
    private static final String IN_QUOTES = "\"[\\p{L}\\p{N}_$# -]{1,63}\"";
    private static final Pattern PART = Pattern.compile("(?:" + PLAIN + "|" + IN_QUOTES + ")");
    private static final Pattern NAME = Pattern.compile(PART + "(?:\\." + PART + "){0,2}");

    /** The name of a table, perhaps with catalog and schema before it. */
    public static TableName of(String name, DatabaseMetaData metaData) throws SQLException {
        if (!NAME.matcher(name).matches()) {
            throw refused("table", name);
        }
        Quoting quoting = quoting(metaData);
        List<String> names = new ArrayList<>();
        StringBuilder quoted = new StringBuilder();
        Matcher part = PART.matcher(name);
        while (part.find()) {
            names.add(quoting.fold(part.group()));
            quoted.append(names.size() == 1 ? "" : ".").append(quoting.quote(part.group()));
        }
        return new TableName(
                name, List.copyOf(names), quoted.toString(), quoted.substring(0, quoted.lastIndexOf(".") + 1));
    }

    /** A single name, such as a column's, as the database knows it. */
    public static String folded(String what, String name, DatabaseMetaData metaData) throws SQLException {
        if (!PART.matcher(name).matches()) {
            throw refused(what, name);
        }
        return quoting(metaData).fold(name);
    }

    /** A name that the database knows, as it stands in SQL. */
    public static String quoted(String known, DatabaseMetaData metaData) throws SQLException {
        return quoting(metaData).mark(known);
    }

    /** The table without schema, as the database knows it. */
    public String table() {
        return names.get(names.size() - 1);
    }

    /** The schema, as the database knows it; null if it is not named. */
    public @Nullable String schema() {
        return names.size() == 1 ? null : names.get(names.size() - 2);
    }

    private static LockUsageException refused(String what, String name) {
        return new LockUsageException(
                "The " + what + " name " + SqlText.shown(name) + " is not a plain SQL name",
                "use letters, digits, _ and $, with the schema before a dot if needed; a name whose letters"
                        + " matter goes in"
                        + " double quotes");
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
            if (part.startsWith("\"")) {
                return part.substring(1, part.length() - 1);
            }
            return upper ? part.toUpperCase(Locale.ROOT) : lower ? part.toLowerCase(Locale.ROOT) : part;
        }

        String quote(String part) {
            return mark(fold(part));
        }

        String mark(String name) {
            return mark.isEmpty() ? name : mark + name.replace(mark, mark + mark) + mark;
        }
    }

    @Override
    public String toString() {
        return written;
    }
}
