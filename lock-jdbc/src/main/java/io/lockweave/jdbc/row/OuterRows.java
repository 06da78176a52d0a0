package io.lockweave.jdbc.row;

import io.lockweave.LockDeadlockException;
import io.lockweave.LockKey;
import io.lockweave.jdbc.dialect.SqlText;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows each thread has locked, by connection: a thread that waits on one connection for a row it has itself locked on
 * another one waits for ever, which no database sees. That is what happens when a transaction with REQUIRES_NEW touches a row
 * of the one around it.
 */
final class OuterRows {

    /** A row locked in a transaction that may still be open: its table in SQL, and its primary key. */
    private record LockedIn(WeakReference<Connection> connection, String transaction, String table, String row) {}

    private final ThreadLocal<List<LockedIn>> rows = ThreadLocal.withInitial(ArrayList::new);

    void remember(Connection connection, RowTable table, List<String> locked) {
        List<LockedIn> mine = rows.get();
        mine.removeIf(row -> isOver(row.connection().get()));
        if (!locked.isEmpty()) {
            String transaction = transaction(connection, table.rows().transactionId());
            WeakReference<Connection> reference = new WeakReference<>(connection);
            locked.forEach(row -> mine.add(new LockedIn(reference, transaction, table.quoted(), row)));
        }
        if (mine.isEmpty()) {
            rows.remove();
        }
    }

    void forget(Connection connection) {
        List<LockedIn> mine = rows.get();
        mine.removeIf(row -> row.connection().get() == connection);
        if (mine.isEmpty()) {
            rows.remove();
        }
    }

    /** Fails if one of the rows is locked in an open transaction of this thread on another connection. */
    void refuseSelfWait(Connection connection, RowStatement statement) throws SQLException {
        List<LockedIn> outside = new ArrayList<>();
        for (LockedIn row : rows.get()) {
            Connection outer = row.connection().get();
            if (outer != connection && row.table().equals(statement.table()) && !isOver(outer)) {
                outside.add(row);
            }
        }
        if (outside.isEmpty() || isFree(statement)) {
            return;
        }
        Set<String> wanted = new HashSet<>(statement.look());
        for (LockedIn row : outside) {
            Connection outer = row.connection().get();
            if (outer != null && wanted.contains(row.row()) && isOpen(outer, row, statement)) {
                throw refused(connection, outer, row, statement.key());
            }
        }
    }

    private static boolean isOpen(Connection outer, LockedIn row, RowStatement statement) {
        return transaction(outer, statement.transactionId()).equals(row.transaction());
    }

    private static LockDeadlockException refused(Connection inner, Connection outer, LockedIn row, LockKey key) {
        return new LockDeadlockException(
                key,
                List.of(
                        "thread " + Thread.currentThread().getName() + " holds row " + SqlText.shown(row.row())
                                + " of table " + row.table() + " in the outer transaction on " + outer,
                        "the inner transaction on " + inner + " (REQUIRES_NEW?) of the same thread waits for " + key
                                + ", and the outer one goes on only after it"));
    }

    /** Asks without waiting; what it locks, the caller wanted anyway. */
    private static boolean isFree(RowStatement statement) throws SQLException {
        return statement.runAtOnce().isPresent();
    }

    private static boolean isOver(@Nullable Connection connection) {
        try {
            return connection == null || connection.isClosed() || connection.getAutoCommit();
        } catch (SQLException e) {
            return true;
        }
    }

    /** What tells a connection's transaction from its next one, where the database says. */
    private static String transaction(Connection connection, String sql) {
        if (sql.isEmpty()) {
            return sql;
        }
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            row.next();
            return String.valueOf(row.getString(1));
        } catch (SQLException e) {
            return "failed"; // it is in no state to hold on to anything for long
        }
    }
}
