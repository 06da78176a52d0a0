package io.lockweave.jdbc.row;

import io.lockweave.jdbc.dialect.LockStrength;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which rows to lock, and how.
 *
 * @param column the column to look in, or null for the primary key
 * @param waitTime how long to wait for a locked row, or null for as long as the database is set to
 * @param missing makes the failure of a row that does not exist, from its key; null if such rows are left out
 * @param conflict makes the failure of a transaction that the isolation level cannot let go on
 */
public record RowRequest(
        String table,
        @Nullable String column,
        List<Object> keys,
        @Nullable Duration waitTime,
        boolean skipsLocked,
        LockStrength strength,
        @Nullable Function<String, RuntimeException> missing,
        BiFunction<String, SQLException, RuntimeException> conflict) {

    /** Whether a call may wait for a locked row. */
    boolean waits() {
        return !skipsLocked && !Duration.ZERO.equals(waitTime);
    }
}
