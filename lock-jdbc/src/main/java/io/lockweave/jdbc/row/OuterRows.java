package io.lockweave.jdbc.row;

import io.lockweave.LockDeadlockException;
import io.lockweave.LockKey;
import io.lockweave.jdbc.dialect.SqlText;
import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows each thread has locked, by connection: a thread that waits on one connection for a row it has itself locked
 * on another one waits for ever, which no database sees. That is what happens when a transaction with REQUIRES_NEW
 * touches a row of the one around it.
 */
final class OuterRows {

    /** So many rows of a thread are remembered, the newest, and no more. */
    static final int MOST = 1_000;

    /** A row locked in a transaction that may still be open: its table in SQL, and its primary key. */
    private record LockedIn(WeakReference<Connection> connection, String transaction, String table, String row) {}

    private final ThreadLocal<Deque<LockedIn>> rows = ThreadLocal.withInitial(ArrayDeque::new);

    /** Remembers what a call has locked; what an earlier transaction of the same connection had locked is forgotten. */
    void remember(Connection connection, String table, Collection<LockedRows> locked) {
        Deque<LockedIn> mine = rows.get();
        mine.removeIf(row -> isOver(row.connection().get()));
        WeakReference<Connection> reference = new WeakReference<>(connection);
        for (LockedRows found : locked) {
            String transaction = found.transaction();
            mine.removeIf(row ->
                    row.connection().get() == connection && !row.transaction().equals(transaction));
            found.rows().forEach(row -> mine.add(new LockedIn(reference, transaction, table, row)));
        }
        while (mine.size() > MOST) {
            mine.removeFirst();
        }
        forgetIfEmpty(mine);
    }

    void forget(Connection connection) {
        Deque<LockedIn> mine = rows.get();
        mine.removeIf(row -> row.connection().get() == connection);
        forgetIfEmpty(mine);
    }

    private void forgetIfEmpty(Deque<LockedIn> mine) {
        if (mine.isEmpty()) {
            rows.remove();
        }
    }

    /** How many rows of this thread are remembered. */
    int count() {
        Deque<LockedIn> mine = rows.get();
        forgetIfEmpty(mine);
        return mine.size();
    }

    /** Whether this thread has rows of the table in a transaction on another connection. */
    boolean hasOthers(Connection connection, String table) {
        return !others(connection, table).isEmpty();
    }

    private List<LockedIn> others(Connection connection, String table) {
        List<LockedIn> outside = new ArrayList<>();
        for (LockedIn row : rows.get()) {
            Connection outer = row.connection().get();
            if (outer != connection && row.table().equals(table) && !isOver(outer)) {
                outside.add(row);
            }
        }
        return outside;
    }

    /** Fails if one of the rows is locked in an open transaction of this thread on another connection. */
    void refuseSelfWait(RowStatement statement) throws SQLException {
        RowTarget target = statement.target();
        List<LockedIn> outside = others(target.connection(), target.table().quoted());
        if (outside.isEmpty() || isFree(statement)) {
            return;
        }
        Set<String> wanted = new HashSet<>(statement.look());
        for (LockedIn row : outside) {
            Connection outer = row.connection().get();
            if (outer != null && wanted.contains(row.row()) && isOpen(outer, row, target)) {
                throw refused(target.connection(), outer, row, target.key(statement.values()));
            }
        }
    }

    private static boolean isOpen(Connection outer, LockedIn row, RowTarget target) {
        String sql = target.sql().transactionId();
        return sql.isEmpty() || row.transaction().isEmpty() || row.transaction().equals(transaction(outer, sql));
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

    /** What tells a connection's transaction from its next one. */
    private static String transaction(Connection connection, String sql) {
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            row.next();
            return String.valueOf(row.getString(1));
        } catch (SQLException e) {
            return "failed"; // it is in no state to hold on to anything for long
        }
    }
}
