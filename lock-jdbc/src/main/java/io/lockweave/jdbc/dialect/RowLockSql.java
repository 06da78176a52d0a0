package io.lockweave.jdbc.dialect;

import io.lockweave.LockUsageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a database locks rows of the user's tables: {@code SELECT ... FOR UPDATE} unless it says otherwise. */
public abstract class RowLockSql {

    /** The most milliseconds that every database takes. */
    private static final long MOST_MILLIS = Integer.MAX_VALUE;

    private static final long MOST_SECONDS = 1_000_000;

    /** The whole statement that locks; a wait time is in it where the database has a clause for that. */
    public String lock(Dialect dialect, RowSelect select) {
        String strength = strength(select.strength());
        if (strength == null) {
            throw new LockUsageException(
                    "The database " + dialect.id() + " has no row locks of the strength " + select.strength(),
                    "use UPDATE there");
        }
        return statement(select, strength);
    }

    /** The whole statement of a strength that the database has. */
    String statement(RowSelect select, String strength) {
        return "select " + select.found() + " from " + select.table() + " where " + select.where() + select.order()
                + " " + strength + wait(select);
    }

    private String wait(RowSelect select) {
        Duration time = select.waitTime();
        if (select.skipsLocked()) {
            return " skip locked";
        }
        if (time == null) {
            return "";
        }
        return time.isZero() ? " nowait" : waiting(millis(time));
    }

    /** The clause of a strength; null if the database has none. */
    @Nullable
    String strength(LockStrength strength) {
        return strength == LockStrength.UPDATE ? "for update" : null;
    }

    /** The clause of a wait time; empty where it is a {@link #waitSetting}. */
    String waiting(long millis) {
        return "";
    }

    /** The setting that bounds a wait; null where a clause does. */
    public @Nullable WaitSetting waitSetting() {
        return null;
    }

    /** Whether a failed statement leaves nothing of the transaction but its end, unless a savepoint was set before. */
    public boolean failureEndsTransaction() {
        return false;
    }

    /** How a value of a column of this type stands in a condition, so that an index of the column serves it. */
    public String parameter(String typeName) {
        return "?";
    }

    /**
     * What a locking statement gives behind each row to tell its transaction from the next one; with a comma, or empty.
     */
    public String transactionColumn() {
        return "";
    }

    /** Whether {@link #lockMany} can look for keys of this type. */
    public boolean takesArrays(String typeName) {
        return false;
    }

    /**
     * The statement that locks the rows of many keys in their order, with an array of values for each column. Gives of
     * each row the place of its key, from 1, the columns found, and the transaction.
     *
     * @param found columns of the table {@code t} to give, or empty
     */
    public String lockMany(
            String table, String found, List<String> columns, LockStrength strength, boolean skipsLocked) {
        throw new IllegalStateException("one key at a time");
    }

    /** Whether the first plain SELECT of a transaction fixes what all later ones show. */
    public boolean readFixesWhatIsSeen() {
        return false;
    }

    /** A query that tells a connection's transaction from its next one; empty if there is none. */
    public String transactionId() {
        return "";
    }

    /**
     * Refuses a table whose rows cannot be locked.
     *
     * @param name as the user wrote it
     * @throws LockUsageException if it is such a one
     */
    public void check(Connection connection, TableLocation location, String name) throws SQLException {}

    /** What is left of a wait may be less than a millisecond, and no database takes more than an int of them. */
    public static long millis(Duration time) {
        Duration most = Duration.ofMillis(MOST_MILLIS);
        return time.compareTo(most) >= 0 ? MOST_MILLIS : time.plusNanos(999_999).toMillis();
    }

    /** Databases that count seconds wait a little longer rather than not at all. */
    static long seconds(long millis) {
        return Math.min(MOST_SECONDS, (millis + 999) / 1_000);
    }
}
