package io.lockweave.jdbc.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** MySQL waits for a locked row as long as a setting of the session says, in whole seconds. */
final class MySqlWaitSetting implements WaitSetting {

    static final WaitSetting ONE = new MySqlWaitSetting();

    @Override
    public List<String> set(Connection connection, long millis, boolean wholeStatement) throws SQLException {
        List<String> before = WaitSetting.texts(connection, "select @@innodb_lock_wait_timeout");
        execute(connection, "set innodb_lock_wait_timeout = " + RowLockSql.seconds(millis));
        return before;
    }

    @Override
    public void restore(Connection connection, List<String> before, boolean failed) throws SQLException {
        execute(connection, "set innodb_lock_wait_timeout = " + Long.parseLong(before.get(0)));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }
}
