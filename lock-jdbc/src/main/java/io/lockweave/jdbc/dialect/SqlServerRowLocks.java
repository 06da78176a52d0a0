package io.lockweave.jdbc.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * SQL Server locks rows by hints behind the table; a wait is bounded by a setting of the session. Not run on a server.
 */
final class SqlServerRowLocks extends RowLockSql implements WaitSetting {

    static final SqlServerRowLocks ONE = new SqlServerRowLocks();

    @Override
    @Nullable
    String strength(LockStrength strength) {
        return switch (strength) {
            case UPDATE -> "updlock, rowlock";
            case SHARE -> "repeatableread, rowlock";
            case NO_KEY_UPDATE, KEY_SHARE -> null;
        };
    }

    /**
     * Rows that are not there are locked as well, unless locked ones are left out, which the server allows only
     * without.
     */
    @Override
    String statement(RowSelect select, String strength) {
        boolean atOnce = Duration.ZERO.equals(select.waitTime());
        String hints = strength + (select.skipsLocked() ? ", readpast" : ", holdlock") + (atOnce ? ", nowait" : "");
        return "select " + select.found() + " from " + select.table() + " with (" + hints + ") where " + select.where()
                + select.order();
    }

    /** The driver sends text as nvarchar, for which an index on varchar is no help. */
    @Override
    public String parameter(String typeName) {
        String type = typeName.toLowerCase(Locale.ROOT);
        return type.equals("varchar") || type.equals("char") ? "cast(? as varchar(8000))" : "?";
    }

    @Override
    public WaitSetting waitSetting() {
        return this;
    }

    @Override
    public List<String> set(Connection connection, long millis, boolean wholeStatement) throws SQLException {
        List<String> before = WaitSetting.texts(connection, "select @@lock_timeout");
        execute(connection, "set lock_timeout " + millis);
        return before;
    }

    @Override
    public void restore(Connection connection, List<String> before, boolean failed) throws SQLException {
        execute(connection, "set lock_timeout " + Long.parseLong(before.get(0)));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }
}
