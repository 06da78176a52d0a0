package io.lockweave.jdbc.dialect;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Set;

/** SQLite: one writer at a time, and codes instead of SQLSTATEs. */
final class SqliteDialect extends Dialect {

    /** No such table or column, no right, read-only, not a database. */
    private static final Set<Integer> LASTING = Set.of(1, 3, 8, 23, 26);

    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int CONSTRAINT = 19;

    SqliteDialect() {
        super("sqlite");
    }

    @Override
    boolean isNamed(String product, String version) {
        return product.contains("sqlite");
    }

    @Override
    public String clock(TableName table) {
        return "(cast(unixepoch('subsec') * 1000 as integer) * 1000)";
    }

    @Override
    public String firstRows(int rows) {
        return " limit " + rows;
    }

    @Override
    public boolean isContention(SQLException e) {
        return super.isContention(e) || code(e) == BUSY || code(e) == LOCKED;
    }

    @Override
    public boolean isDuplicate(SQLException e) {
        return super.isDuplicate(e) || code(e) == CONSTRAINT;
    }

    @Override
    public boolean isLasting(SQLException e) {
        return !(e instanceof SQLTransientException) && !state(e).startsWith("08") && LASTING.contains(code(e));
    }

    /** The last byte is the kind of failure. */
    private static int code(SQLException e) {
        return e.getErrorCode() & 0xff;
    }
}
