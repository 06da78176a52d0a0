package io.lockweave.jdbc.dialect;

import io.lockweave.LockUsageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
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
        return select.withoutLock() + select.order() + " " + strength + wait(select);
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

    /** Whether schemas are catalogs to its drivers. */
    public boolean schemasAreCatalogs() {
        return false;
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
    public void check(Connection connection, @Nullable String schema, String table, String name) throws SQLException {}

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
