package io.lockweave.jdbc.row;

import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.TableLocation;
import io.lockweave.jdbc.dialect.TableName;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The tables seen so far, by the place where the database looks for them now. */
public final class UserTables {

    private final Map<TableLocation, UserTable> tables = new ConcurrentHashMap<>();

    /** The table of this name for the connection; one that does not exist has no columns. */
    public UserTable of(Connection connection, Dialect dialect, String written) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        TableName name = TableName.of(written, metaData);
        TableLocation location = dialect.locate(connection, name);
        UserTable known = tables.get(location);
        if (known != null) {
            return known.quoted().equals(name.quoted())
                    ? known
                    : new UserTable(dialect, written, name.quoted(), location, known.columns(), known.primaryKey());
        }
        UserTable read = UserTable.read(connection, dialect, name, location);
        if (!read.columns().isEmpty()) {
            tables.put(location, read); // one without is not there yet
        }
        return read;
    }

    /** Has the table read anew the next time: it may have been changed. */
    void forget(UserTable table) {
        tables.remove(table.location());
    }
}
