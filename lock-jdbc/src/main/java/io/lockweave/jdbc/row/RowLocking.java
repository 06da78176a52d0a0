package io.lockweave.jdbc.row;

import io.lockweave.LockDeadlockException;
import io.lockweave.LockKey;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.jdbc.connection.SqlFailures;
import io.lockweave.jdbc.dialect.Dialect;
import io.lockweave.jdbc.dialect.Dialects;
import io.lockweave.jdbc.dialect.RowLockSql;
import io.lockweave.jdbc.dialect.SqlText;
import io.lockweave.jdbc.dialect.TableLocation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Locks the rows of a request in the order of their keys: in one statement where the database can, else one by one. */
public final class RowLocking {

    /** Where to look, and for what. */
    private record Found(RowTarget target, List<RowKey> keys) {}

    private final UserTables tables = new UserTables();
    private final Set<TableLocation> checked = ConcurrentHashMap.newKeySet();
    private final OuterRows outer = new OuterRows();

    /** The keys whose rows are locked now, in order. */
    public List<Object> lock(Connection connection, RowRequest request) {
        boolean interrupted = Thread.interrupted();
        Dialect dialect = Dialects.PORTABLE;
        try {
            requireTransaction(connection, request);
            dialect = Dialects.detect(connection.getMetaData());
            RowLockSql sql = rowLocks(dialect);
            return lockAll(found(connection, dialect, sql, request));
        } catch (SQLException e) {
            throw SqlFailures.translate(dialect, "Locking rows of table " + request.table(), e);
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

    /** How many locked rows of this thread are remembered. */
    int remembered() {
        return outer.count();
    }

    private static void requireTransaction(Connection connection, RowRequest request) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new LockUsageException(
                    "Rows of table " + request.table() + " are to be locked without a transaction (the connection is in"
                            + " auto-commit mode), so the lock would end at once",
                    "begin a transaction before: setAutoCommit(false), or @Transactional");
        }
    }

    private static RowLockSql rowLocks(Dialect dialect) {
        RowLockSql rows = dialect.rows();
        if (rows == null) {
            throw new LockUsageException(
                    "Row locks need SELECT ... FOR UPDATE, which the database " + dialect.id() + " does not have"
                            + " in a form that locks rows",
                    "use @Locked there, or let the first statement of the transaction be the UPDATE");
        }
        return rows;
    }

    /** The rows and their keys; a table that was changed since it was read first is read once more. */
    private Found found(Connection connection, Dialect dialect, RowLockSql sql, RowRequest request)
            throws SQLException {
        UserTable table = tables.of(connection, dialect, request.table());
        if (!checked.contains(table.location())) {
            sql.check(connection, table.location(), table.name());
            checked.add(table.location());
        }
        try {
            return found(RowTarget.of(connection, table, sql, request));
        } catch (LockUsageException e) {
            tables.forget(table);
            UserTable anew = tables.of(connection, dialect, request.table());
            return found(RowTarget.of(connection, anew, sql, request));
        }
    }

    private static Found found(RowTarget target) {
        return new Found(
                target,
                RowKeys.sorted(
                        target.table(), target.columns(), target.request().keys()));
    }

    private List<Object> lockAll(Found found) throws SQLException {
        RowTarget target = found.target();
        List<RowKey> keys = found.keys();
        RowRequest request = target.request();
        ManyRows many = new ManyRows(target);
        boolean together = keys.size() > 1
                && many.arePossible()
                && !(request.waits()
                        && outer.hasOthers(target.connection(), target.table().quoted()));
        Map<Integer, LockedRows> locked = new TreeMap<>();
        try {
            if (together) {
                lockTogether(target, many, keys, locked);
            } else {
                lockEach(target, keys, locked);
            }
            List<Object> shown = new ArrayList<>();
            locked.keySet().forEach(place -> shown.add(keys.get(place).shown()));
            return shown;
        } finally {
            outer.remember(target.connection(), target.table().quoted(), locked.values());
        }
    }

    private void lockTogether(RowTarget target, ManyRows many, List<RowKey> keys, Map<Integer, LockedRows> locked)
            throws SQLException {
        RowRequest request = target.request();
        long start = System.nanoTime();
        try {
            locked.putAll(many.run(keys, request.skipsLocked(), request.waitTime()));
        } catch (SQLException e) {
            List<Object> all = keys.stream().map(RowKey::shown).toList();
            throw translated(target, target.key(List.of(SqlText.cut(RowKeys.text(all), 80))), since(start), e);
        }
        for (int i = 0; i < keys.size() && request.missing() != null; i++) {
            RowKey key = keys.get(i);
            boolean skipped = request.skipsLocked()
                    && !locked.containsKey(i)
                    && !new RowStatement(target, key.values()).look().isEmpty();
            if (!locked.containsKey(i) && !skipped) {
                throw missing(request, key);
            }
        }
    }

    private void lockEach(RowTarget target, List<RowKey> keys, Map<Integer, LockedRows> locked) throws SQLException {
        RowRequest request = target.request();
        long start = System.nanoTime();
        for (int i = 0; i < keys.size(); i++) {
            RowKey key = keys.get(i);
            Duration left = left(request.waitTime(), start);
            RowStatement statement = new RowStatement(target, key.values());
            LockedRows rows;
            boolean skipped = false;
            try {
                if (request.waits() && !Duration.ZERO.equals(left)) {
                    outer.refuseSelfWait(statement);
                }
                rows = request.skipsLocked() ? statement.runSkipping() : statement.run(left);
                if (rows.isEmpty() && request.skipsLocked() && request.missing() != null) {
                    // Not by a plain SELECT, which on MySQL fixes what the transaction sees of the rows locked after
                    // it.
                    Optional<LockedRows> atOnce = statement.runAtOnce();
                    skipped = atOnce.isEmpty();
                    rows = atOnce.orElse(rows);
                }
            } catch (SQLException e) {
                throw translated(target, target.key(key.given()), since(start), e);
            }
            if (!rows.isEmpty()) {
                locked.put(i, rows);
            } else if (!skipped && request.missing() != null) {
                throw missing(request, key);
            }
        }
    }

    private static RuntimeException missing(RowRequest request, RowKey key) {
        String shown = SqlText.shown(RowKeys.text(key.given()));
        return request.missing() == null
                ? new IllegalStateException(shown)
                : request.missing().apply(shown);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static @Nullable Duration left(@Nullable Duration waitTime, long start) {
        if (waitTime == null || waitTime.isZero()) {
            return waitTime;
        }
        Duration left = waitTime.minus(since(start));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static RuntimeException translated(RowTarget target, LockKey key, Duration waited, SQLException e) {
        Dialect dialect = target.table().dialect();
        if (dialect.isDeadlock(e)) {
            String cycle = "this transaction waits for " + key + ", and its holder for a row of this transaction ("
                    + e.getMessage() + ")";
            return new LockDeadlockException(key, List.of(cycle), e);
        }
        if (Dialect.state(e).equals("25006")) {
            return new LockUsageException(
                    key + " is to be locked in a read-only transaction, in which the database locks no rows ("
                            + e.getMessage() + ")",
                    "begin the transaction without readOnly",
                    e);
        }
        if (dialect.isLockTimeout(e)) {
            return LockUnavailableException.busy(key, waited, null, e);
        }
        if (dialect.isSerializationFailure(e)) {
            return target.request().conflict().apply(key.toString(), e);
        }
        return SqlFailures.translate(dialect, "Locking " + key, e);
    }
}
