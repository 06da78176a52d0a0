package io.lockweave.jdbc;

import io.lockweave.CheckReturnValue;
import io.lockweave.LockUsageException;
import io.lockweave.jdbc.dialect.SqlText;
import io.lockweave.jdbc.row.RowRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which rows {@link RowLocks} is to lock, and how. Immutable; each method returns a changed copy.
 *
 * <pre>{@code
 * RowLock.of("article", 42).noWait()
 * RowLock.ofAll("article", List.of(1, 2, 3)).waitTime(Duration.ofSeconds(2))
 * RowLock.of("line", List.of(orderId, position))        // a primary key of two columns
 * RowLock.of("article", "news").column("category")
 * }</pre>
 */
@CheckReturnValue
public final class RowLock {

    private final String table;
    private final @Nullable String column;
    private final List<Object> keys;
    private final @Nullable Duration waitTime;
    private final boolean skipLocked;
    private final RowStrength strength;
    private final OnMissingRow onMissing;

    private RowLock(
            String table,
            @Nullable String column,
            List<Object> keys,
            @Nullable Duration waitTime,
            boolean skipLocked,
            RowStrength strength,
            OnMissingRow onMissing) {
        this.table = table;
        this.column = column;
        this.keys = keys;
        this.waitTime = waitTime;
        this.skipLocked = skipLocked;
        this.strength = strength;
        this.onMissing = onMissing;
    }

    /**
     * One row.
     *
     * @param key a value of the column's type or one that is converted to it; a {@link List} with one value for each
     *     column of a primary key of several
     * @throws LockUsageException if the key is null
     */
    public static RowLock of(String table, Object key) {
        return ofAll(table, key == null ? List.of() : List.of(key));
    }

    /**
     * Several rows. They are locked in one order whatever the order given, so that two calls never wait for each other
     * in a circle.
     *
     * @throws LockUsageException if there is no key, or one is null
     */
    public static RowLock ofAll(String table, Collection<?> keys) {
        Objects.requireNonNull(table, "table");
        if (keys.isEmpty() || keys.stream().anyMatch(Objects::isNull)) {
            throw new LockUsageException(
                    "A key of a row of table " + SqlText.shown(table) + " is null, or there is none",
                    "check it before the lock");
        }
        return new RowLock(table, null, List.copyOf(keys), null, false, RowStrength.UPDATE, OnMissingRow.THROW);
    }

    /** Looks in this column instead of the primary key; all rows with the value are locked. */
    public RowLock column(String column) {
        return new RowLock(table, column, keys, waitTime, skipLocked, strength, onMissing);
    }

    /**
     * How long to wait for locked rows, all keys together; zero: not at all. On PostgreSQL a search by {@link #column}
     * ends within it, the search itself included. The other databases wait that long anew for each row that has the
     * value.
     */
    public RowLock waitTime(Duration waitTime) {
        if (waitTime.isNegative()) {
            throw new LockUsageException("waitTime = " + waitTime, "give a time that is not negative");
        }
        return new RowLock(table, column, keys, waitTime, false, strength, onMissing);
    }

    /**
     * The same, waiting no longer than this whatever it says, even if that is how the database is set: for a
     * transaction that has only so much time left. What does not wait stays so.
     *
     * @throws LockUsageException if the time is negative
     */
    public RowLock waitAtMost(Duration most) {
        boolean shorter = waitTime == null ? !skipLocked : waitTime.compareTo(most) > 0;
        return shorter ? waitTime(most) : this;
    }

    /** Does not wait for a locked row. */
    public RowLock noWait() {
        return waitTime(Duration.ZERO);
    }

    /** Leaves rows out that others have locked. */
    public RowLock skipLocked() {
        return new RowLock(table, column, keys, null, true, strength, onMissing);
    }

    /** How strongly; {@link RowStrength#UPDATE} by default. */
    public RowLock strength(RowStrength strength) {
        return new RowLock(table, column, keys, waitTime, skipLocked, strength, onMissing);
    }

    /** What if a row does not exist; {@link OnMissingRow#THROW} by default. */
    public RowLock onMissing(OnMissingRow onMissing) {
        return new RowLock(table, column, keys, waitTime, skipLocked, strength, onMissing);
    }

    String table() {
        return table;
    }

    RowRequest request() {
        return new RowRequest(
                table,
                column,
                keys,
                waitTime,
                skipLocked,
                strength.inDialect(),
                onMissing == OnMissingRow.IGNORE ? null : key -> new MissingRowException(table, key),
                RowConflictException::new);
    }
}
