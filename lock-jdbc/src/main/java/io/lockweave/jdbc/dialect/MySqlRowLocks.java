package io.lockweave.jdbc.dialect;

import io.lockweave.LockUsageException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Row locks of MySQL and MariaDB, one key at a time: a condition with many of them may be read without an index, which
 * locks every row of the table.
 */
class MySqlRowLocks extends RowLockSql {

    static final RowLockSql MYSQL = new MySqlRowLocks();

    static final RowLockSql MARIADB = new MySqlRowLocks() {
        @Override
        @Nullable
        String strength(LockStrength strength) {
            return strength == LockStrength.SHARE ? "lock in share mode" : super.strength(strength);
        }

        @Override
        String waiting(long millis) {
            return " wait " + seconds(millis);
        }

        @Override
        public @Nullable WaitSetting waitSetting() {
            return null;
        }
    };

    /** The engines with locks on rows. The others lock nothing on FOR UPDATE, or the whole table, and say nothing. */
    private static final Set<String> ENGINES_WITH_ROW_LOCKS =
            Set.of("innodb", "rocksdb", "tokudb", "ndbcluster", "ndb");

    @Override
    @Nullable
    String strength(LockStrength strength) {
        return strength == LockStrength.SHARE ? "for share" : super.strength(strength);
    }

    @Override
    public @Nullable WaitSetting waitSetting() {
        return MySqlWaitSetting.ONE;
    }

    @Override
    public boolean readFixesWhatIsSeen() {
        return true;
    }

    @Override
    public void check(Connection connection, TableLocation location, String name) throws SQLException {
        String schema = location.catalog();
        String sql = "select engine, table_type from information_schema.tables where table_name = ? and table_schema = "
                + (schema == null ? "database()" : "?");
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, location.table());
            if (schema != null) {
                query.setString(2, schema);
            }
            try (ResultSet row = query.executeQuery()) {
                if (row.next()) {
                    check(name, row.getString(1), row.getString(2));
                }
            }
        }
    }

    private static void check(String name, @Nullable String engine, String type) {
        if (type.toUpperCase(Locale.ROOT).contains("VIEW")) {
            throw new LockUsageException(
                    name + " is a view, and the engine of its tables, which may have no locks on rows, is not"
                            + " known by it",
                    "lock the rows of its table");
        }
        if (engine != null && !ENGINES_WITH_ROW_LOCKS.contains(engine.toLowerCase(Locale.ROOT))) {
            throw new LockUsageException(
                    "Table " + name + " is kept by the engine " + engine
                            + ", on which SELECT ... FOR UPDATE locks no row and says nothing",
                    "alter table " + name + " engine = InnoDB, or use @Locked");
        }
    }
}
