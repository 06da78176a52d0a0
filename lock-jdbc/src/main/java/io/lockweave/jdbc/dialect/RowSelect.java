package io.lockweave.jdbc.dialect;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a statement that locks rows.
 *
 * @param found what it gives of each row
 * @param table the table, quoted
 * @param where the condition
 * @param order the clause of the order in which rows are locked, with a blank before it; empty for one row
 * @param waitTime how long to wait for a locked row, null for as long as the database is set to
 */
public record RowSelect(
        String found,
        String table,
        String where,
        String order,
        LockStrength strength,
        boolean skipsLocked,
        @Nullable Duration waitTime) {}
