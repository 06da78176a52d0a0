package io.lockweave.jdbc.dialect;

import org.jspecify.annotations.Nullable;

/**
 * How a database takes rows of the lock table, as templates of {@link LeaseTable}.
 *
 * @param take takes a key's own row: inserts it too if {@code insert} is null
 * @param takeAll takes the own rows of several keys in one statement, all of them or none: their keys, names and
 *     owners as
 *     arrays, then place, fences, time until which it may take effect, lease, and three times how long a free row is
 *     kept. It gives key and {@link LeaseTable#KEY_COLUMNS} of all rows taken, or if one was busy of all that are
 *     there, and fails with 22012 if one was taken in between. Null where that takes a transaction
 * @param insert inserts a key's own row
 * @param returnsRow whether these give {@link LeaseTable#KEY_COLUMNS} of the row
 * @param ifAbsent what makes an insert of a row that is there no failure; empty: the failure is told by its code
 * @param flush a column that a change returns, which makes its commit wait for the disk; null where it always does
 * @param push how releases are told to waiters; null where they poll. With it a take of a row that is busy only looks:
 *     key, owner and key are given once more
 */
public record LeaseStatements(
        String take,
        @Nullable String takeAll,
        @Nullable String insert,
        boolean returnsRow,
        String ifAbsent,
        @Nullable String flush,
        @Nullable Push push) {

    /** Standard SQL. */
    static final LeaseStatements STANDARD =
            new LeaseStatements(LeaseTable.UPDATE, null, LeaseTable.INSERT, false, "", null, null);

    /**
     * How releases are told to waiters, who stand in a queue in the row: each with an entry, and for a moment the row
     * is kept for the first of them. With it a take is given the claim's entry, and how long a free row is kept so.
     *
     * @param takeOrQueue for somebody who waits: takes the row, or a place in the queue (as a take, then key, whether
     *     to
     *     wait on, key)
     * @param tell what a release of keys' own rows returns, which tells the waiters (prefix of channels, channel)
     * @param withdraw ends a claim, queued or granted, and tells the waiters (owner, owner, entry, key, owner, entry,
     *     prefix of channels, channel)
     * @param mark leaves the mark that somebody waits for a holder of a group (time, key); gives the row
     * @param releaseHolder releases a holder's row and tells the waiters (key, key, part, channel, payload)
     * @param notifyWaiters tells the waiters (channel, payload)
     */
    public record Push(
            String takeOrQueue,
            String tell,
            String withdraw,
            String mark,
            String releaseHolder,
            String notifyWaiters) {}

    /** What a change that must not be forgotten returns. */
    public String flushed() {
        return flush == null ? "" : " returning " + flush;
    }
}
