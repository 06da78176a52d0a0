package io.lockweave.jdbc.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A setting of the session or transaction that says how long to wait for a locked row. */
public interface WaitSetting {

    /**
     * Sets it.
     *
     * @param wholeStatement whether several rows may be waited for one after the other, so that the statement has to be
     *     bounded as a whole
     * @return what it was before
     */
    List<String> set(Connection connection, long millis, boolean wholeStatement) throws SQLException;

    /**
     * Sets it back.
     *
     * @param failed whether the statement in between failed
     */
    void restore(Connection connection, List<String> before, boolean failed) throws SQLException;

    /** Whether the transaction is as it was before, too, once it is set back after a failure. */
    default boolean keepsTransaction() {
        return false;
    }

    /** The columns of the one row that a query gives; with it may go statements that give none. */
    static List<String> texts(Connection connection, String sql, String... values) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                query.setString(i + 1, values[i]);
            }
            boolean found = query.execute();
            while (!found && query.getUpdateCount() != -1) {
                found = query.getMoreResults();
            }
            try (ResultSet row = query.getResultSet()) {
                row.next();
                List<String> texts = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    texts.add(row.getString(i));
                }
                return texts;
            }
        }
    }
}
