package io.lockweave.jdbc.lease;

import io.lockweave.LockBackendException;
import io.lockweave.jdbc.connection.OpenConnection;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.LeaseTable;
import io.lockweave.jdbc.dialect.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The lock table's definition: creates it if asked to, and checks at the start that it can be used. */
final class Schema {

    private static final System.Logger LOG = System.getLogger("io.lockweave.jdbc");

    private final Dialect dialect;
    private final TableName table;
    private final LeaseSql sql;

    Schema(Dialect dialect, TableName table, LeaseSql sql) {
        this.dialect = dialect;
        this.table = table;
        this.sql = sql;
    }

    /** What a person runs to create the table. */
    String ddl() {
        String resource = "/io/lockweave/jdbc/schema-" + dialect.id() + ".sql";
        try (InputStream in = Schema.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${table}", table.quoted())
                    .replace("${schema}", table.schemaPrefix());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Creates what is missing. Another JVM may do so at the same time, so a statement that fails is no failure yet:
     * {@link #check} has the last word.
     */
    void initialize(OpenConnection connection) {
        if (works(connection, sql.probe) && works(connection, sql.probeClock)) {
            return;
        }
        for (String statement : statements()) {
            try {
                connection.update(statement);
            } catch (SQLException e) {
                LOG.log(Level.DEBUG, () -> "Creating lock table " + table + ": " + e.getMessage());
            }
        }
    }

    private List<String> statements() {
        return Arrays.stream(ddl().replaceAll("(?m)^--.*$", "").split(";\\s*\\R", -1))
                .map(String::strip)
                .filter(statement -> !statement.isEmpty())
                .toList();
    }

    private static boolean works(OpenConnection connection, String query) {
        try {
            connection.list(1, query, row -> true);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /**
     * Reads, changes, inserts and deletes no row.
     *
     * @throws LockBackendException if the table, a column or a right is missing; the message has the remedy as SQL
     */
    void check(OpenConnection connection) throws SQLException {
        try {
            connection.list(1, sql.probe, row -> true);
        } catch (SQLException e) {
            throw explained(connection.connection(), e);
        }
        String none = " where lock_key = '-'";
        require(
                connection,
                "INSERT",
                "insert into ${t} (" + LeaseTable.ALL_COLUMNS + ") select " + LeaseTable.ALL_COLUMNS + " from ${t}"
                        + none);
        require(connection, "UPDATE", "update ${t} set permits = permits" + none);
        require(connection, "DELETE", "delete from ${t}" + none);
    }

    private void require(OpenConnection connection, String right, String statement) throws SQLException {
        try {
            connection.update(statement.replace("${t}", table.quoted()));
        } catch (SQLException e) {
            if (!dialect.isLasting(e)) {
                throw e;
            }
            throw LockBackendException.lasting(
                    "The database refuses " + right + " on lock table " + table + " (" + e.getMessage()
                            + "). To fix it: " + grant(connection.connection()),
                    e);
        }
    }

    private LockBackendException explained(Connection connection, SQLException e) throws SQLException {
        if (!dialect.isLasting(e)) {
            throw e;
        }
        Set<String> there = columns(connection);
        if (there.isEmpty()) {
            return LockBackendException.lasting(
                    "Lock table " + table + " is missing or may not be read (" + e.getMessage()
                            + "). To fix it: set initialize-schema, or run\n" + ddl() + "or\n" + grant(connection),
                    e);
        }
        List<String> missing =
                sql.columns().stream().filter(column -> !there.contains(column)).toList();
        boolean isAdded = missing.equals(List.of(LeaseTable.QUEUE_COLUMN));
        return LockBackendException.lasting(
                "Lock table " + table
                        + (missing.isEmpty()
                                ? " cannot be read as it is (" + e.getMessage() + ")"
                                : " lacks the columns " + missing)
                        + ". To fix it: "
                        + (isAdded ? "set initialize-schema, or run\n" : "drop it while no lock is in use, and run\n")
                        + ddl(),
                e);
    }

    private String grant(Connection connection) throws SQLException {
        return "GRANT SELECT, INSERT, UPDATE, DELETE ON " + table.quoted() + " TO "
                + connection.getMetaData().getUserName() + ";";
    }

    /** The table's columns in lower case; none if the table cannot be read. */
    private Set<String> columns(Connection connection) {
        Set<String> names = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery("select * from " + table.quoted() + " where 1 = 0")) {
            ResultSetMetaData columns = none.getMetaData();
            for (String name : labels(columns)) {
                names.add(name.toLowerCase(Locale.ROOT));
            }
        } catch (SQLException e) {
            return Set.of();
        }
        return names;
    }

    private static List<String> labels(ResultSetMetaData columns) throws SQLException {
        List<String> labels = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            labels.add(columns.getColumnName(i));
        }
        return labels;
    }
}
