package io.lockweave.jdbc.row;

import io.lockweave.LockDeadlockException;
import io.lockweave.LockKey;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.jdbc.connection.SqlFailures;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.Dialects;
import io.lockweave.jdbc.dialect.SqlText;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Locks the rows of a request, one after the other in the order of their keys. Remembers the tables it has seen. */
public final class RowLocking {

    private final Map<String, RowTable> tables = new ConcurrentHashMap<>();
    private final OuterRows outer = new OuterRows();

    /** The keys whose rows are locked now, in order. */
    public List<Object> lock(Connection connection, RowRequest lock) {
        boolean interrupted = Thread.interrupted();
        try {
            requireTransaction(connection, lock);
            RowTable table = table(connection, lock.table());
            return lockAll(connection, table, lock);
        } catch (SQLException e) {
            throw SqlFailures.translate(Dialects.PORTABLE, "Locking rows of table " + lock.table(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Forgets what the connection's transaction had locked. */
    public void transactionEnded(Connection connection) {
        outer.forget(connection);
    }

    private static void requireTransaction(Connection connection, RowRequest lock) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new LockUsageException(
                    "Rows of table " + lock.table() + " are to be locked without a transaction (the connection is in"
                            + " auto-commit mode), so the lock would end at once",
                    "begin a transaction before: setAutoCommit(false), or @Transactional");
        }
    }

    private RowTable table(Connection connection, String name) throws SQLException {
        String at = connection.getMetaData().getURL() + " " + name;
        RowTable known = tables.get(at);
        if (known != null) {
            return known;
        }
        RowTable read = RowTable.read(connection, name);
        if (!read.primaryKey().isEmpty()) {
            tables.put(at, read); // one without may not be there yet
        }
        return read;
    }

    private List<Object> lockAll(Connection connection, RowTable table, RowRequest lock) throws SQLException {
        List<String> columns = table.columns(connection, lock.column());
        List<List<Object>> keys = RowKeys.sorted(lock.table(), lock.keys(), columns.size());
        List<Object> locked = new ArrayList<>();
        List<String> rows = new ArrayList<>();
        try {
            lockEach(connection, table, columns, lock, keys, locked, rows);
            return locked;
        } finally {
            outer.remember(connection, table, rows);
        }
    }

    private void lockEach(
            Connection connection,
            RowTable table,
            List<String> columns,
            RowRequest lock,
            List<List<Object>> keys,
            List<Object> locked,
            List<String> lockedRows)
            throws SQLException {
        long start = System.nanoTime();
        for (List<Object> key : keys) {
            Duration left = left(lock.waitTime(), start);
            RowStatement statement = new RowStatement(connection, table, columns, lock, key);
            if (!lock.skipsLocked() && !Duration.ZERO.equals(left)) {
                outer.refuseSelfWait(connection, statement);
            }
            List<String> rows;
            boolean skipped = false;
            try {
                rows = statement.run(left);
                if (rows.isEmpty() && lock.skipsLocked() && !lock.ignoresMissing()) {
                    // Not by a plain SELECT, which on MySQL fixes what the transaction sees of the rows locked after
                    // it.
                    Optional<List<String>> atOnce = statement.runAtOnce();
                    skipped = atOnce.isEmpty();
                    rows = atOnce.orElse(rows);
                }
            } catch (SQLException e) {
                throw translated(table.dialect(), statement, Duration.ofNanos(System.nanoTime() - start), e);
            }
            if (!rows.isEmpty()) {
                lockedRows.addAll(rows);
                locked.add(key.size() == 1 ? key.get(0) : key);
            } else if (!skipped && lock.missing() != null) {
                throw lock.missing().apply(SqlText.shown(RowKeys.text(key)));
            }
        }
    }

    private static @Nullable Duration left(@Nullable Duration waitTime, long start) {
        if (waitTime == null || waitTime.isZero()) {
            return waitTime;
        }
        Duration left = waitTime.minusNanos(System.nanoTime() - start);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static RuntimeException translated(
            Dialect dialect, RowStatement statement, Duration waited, SQLException e) {
        LockKey key = statement.key();
        if (dialect.isDeadlock(e)) {
            String cycle = "this transaction waits for " + key + ", and its holder for a row of this transaction ("
                    + e.getMessage() + ")";
            LockDeadlockException deadlock = new LockDeadlockException(key, List.of(cycle));
            deadlock.addSuppressed(e);
            return deadlock;
        }
        if (dialect.isLockTimeout(e)) {
            LockUnavailableException busy = LockUnavailableException.busy(key, waited, null);
            busy.addSuppressed(e);
            return busy;
        }
        return SqlFailures.translate(dialect, "Locking " + key, e);
    }
}
