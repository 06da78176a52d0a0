package io.lockweave.jdbc.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one database says in its own way. What is not overridden is standard SQL. A further database is a class like the
 * others here, its line in {@link Dialects}, a schema file and a line in the tests.
 */
public abstract class Dialect {

    /** Class of the SQLSTATE that only people can fix: rights, names, data, log-in. */
    private static final Set<String> LASTING = Set.of("0A", "22", "23", "28", "3D", "3F", "42");

    private final String id;

    Dialect(String id) {
        this.id = id;
    }

    /** The name used in properties, messages and file names. */
    public final String id() {
        return id;
    }

    /** Whether it is this database, by the product and version that its driver tells, in lower case. */
    abstract boolean isNamed(String product, String version);

    /** An SQL expression for the database's clock: microseconds since 1970 in UTC, never through a time zone. */
    public abstract String clock(TableName table);

    /** Whether {@code SELECT ... FOR UPDATE} locks a row, so that it need not be updated for that. */
    public boolean locksByReading() {
        return false;
    }

    /** Whether its drivers can bound the wait for the network. */
    public boolean hasNetworkTimeout() {
        return false;
    }

    /**
     * The clause behind an ordered query that makes it plan for its first rows only; empty where none is known to work.
     * A limit set through the driver comes too late for that.
     */
    public String firstRows(int rows) {
        return "";
    }

    /** How it takes rows of the lock table. */
    public LeaseStatements lease() {
        return LeaseStatements.STANDARD;
    }

    /** The same database, where releases cannot be told to waiters. */
    public Dialect withoutNotifications() {
        return this;
    }

    /** Whether this one, which may only call itself so, has the session locks of the database. */
    public boolean hasSessionLocks(Connection connection) throws SQLException {
        return true;
    }

    /** A query for the number of the session that answers; null if there is none. */
    public @Nullable String sessionNumber() {
        return null;
    }

    /** Its session locks; null if it has none. */
    public @Nullable SessionSql session() {
        return null;
    }

    /** Its row locks; null if it has none. */
    public @Nullable RowLockSql rows() {
        return null;
    }

    /** Where the connection looks for the table of this name now. */
    public TableLocation locate(Connection connection, TableName name) throws SQLException {
        return TableLocation.bySchema(connection, name);
    }

    /** The name of a column's type without what its metadata adds to it. */
    public String keyType(String typeName) {
        return typeName;
    }

    /** Binds a value of a column's type as its drivers take it. */
    public void bindKey(PreparedStatement statement, int index, int jdbcType, String typeName, @Nullable Object value)
            throws SQLException {
        statement.setObject(index, value);
    }

    /** Whether the database undid the statement because of another one beside it: trying again is right, and soon. */
    public boolean isContention(SQLException e) {
        return state(e).startsWith("40") && !isLockTimeout(e);
    }

    /** Whether a lock on a row was waited for in vain. */
    public boolean isLockTimeout(SQLException e) {
        return false;
    }

    /** Whether two transactions waited for each other. */
    public boolean isDeadlock(SQLException e) {
        return false;
    }

    /**
     * Whether the isolation level cannot let the transaction go on, so that it has to be done again from its beginning.
     */
    public boolean isSerializationFailure(SQLException e) {
        return state(e).equals("40001") && !isDeadlock(e) && !isLockTimeout(e);
    }

    /** Whether the time-out of a statement ended it, where that is told apart from a lock's. */
    public boolean isStatementTimeout(SQLException e) {
        return false;
    }

    /** Whether a row with this primary key is there already. */
    public boolean isDuplicate(SQLException e) {
        return state(e).startsWith("23");
    }

    /** Whether the server ended the connection and said so: another one may do. */
    public boolean isEndedByServer(SQLException e) {
        return false;
    }

    /** What to do about it beyond what the database says: a sentence for people, or nothing. */
    public String remedy(SQLException e) {
        return "";
    }

    /** Whether only people can fix it: rights, names, data, log-in. */
    public boolean isLasting(SQLException e) {
        String state = state(e);
        if (e instanceof SQLTransientException || state.startsWith("08")) {
            return false;
        }
        return (state.length() == 5 && LASTING.contains(state.substring(0, 2)))
                || (e instanceof SQLNonTransientException && !isContention(e));
    }

    /** The SQLSTATE, empty if there is none. */
    public static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "" : state;
    }
}
