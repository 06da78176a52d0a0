package io.lockweave.jdbc;

import io.lockweave.LockBackendException;
import io.lockweave.LockDeadlockException;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.jdbc.row.RowLocking;
import java.sql.Connection;
import java.util.List;

/**
 * Locks rows of the user's own tables in the user's own transaction: {@code SELECT ... FOR UPDATE} with its options,
 * the same on every database that has it. The rows stay locked until the transaction commits or rolls back. Safe for
 * use from any thread; one instance serves a whole program and remembers the primary keys it has seen.
 *
 * <pre>{@code
 * connection.setAutoCommit(false);
 * rowLocks.lock(connection, RowLock.of("article", 42).waitTime(Duration.ofSeconds(2)));
 * // read, change, write: nobody else changes the row in between
 * connection.commit();
 * }</pre>
 */
public final class RowLocks {

    private final RowLocking rows = new RowLocking();

    /** Without any setting. */
    public RowLocks() {}

    /**
     * Locks the rows in the order of their keys. Keys are converted to the types of their columns.
     *
     * <p>A connection is taken to belong to the thread that locks with it until its transaction ends.
     *
     * <p>If it fails, the rows before the failing one may stay locked until the transaction ends. On PostgreSQL the
     * transaction stays usable after a failure if a wait time was given, and has to be rolled back without one;
     * elsewhere it stays usable, except after a deadlock, which rolls it back.
     *
     * @return the keys whose rows are locked now, in order; fewer than asked for with {@link RowLock#skipLocked} or
     *     {@link OnMissingRow#IGNORE}
     * @throws LockUsageException if the connection is in auto-commit mode, before any SQL; if the table cannot be
     *     locked by rows; if the database lacks an option; if a name is not a plain SQL name; if a key is no value of
     *     its column's type
     * @throws LockUnavailableException if another transaction kept a row locked for the wait time
     * @throws LockDeadlockException if the database found a deadlock, or a row is locked by another transaction of this
     *     very thread, which would wait for itself
     * @throws RowConflictException if the isolation level does not let the transaction go on
     * @throws MissingRowException if there is no such row
     * @throws LockBackendException if the database fails
     */
    public List<Object> lock(Connection connection, RowLock lock) {
        return rows.lock(connection, lock.request());
    }

    /**
     * Forgets what the connection's transaction had locked. Call it after the end of a transaction if the same thread
     * goes on with other connections while this one stays open; a connection that is closed needs none.
     */
    public void transactionEnded(Connection connection) {
        rows.transactionEnded(connection);
    }
}
