package io.lockweave.jdbc.lease;

import io.lockweave.LockHolder;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import io.lockweave.jdbc.dialect.LeaseTable;
import io.lockweave.spi.Attempt;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * A key's own row, and the database's time when it was read.
 *
 * @param mode who it is for: one exclusive holder, or holders with rows of their own
 * @param keptFor for how long yet, in microseconds, a free row is kept for a waiter who was told
 */
record KeyRow(
        LockMode mode,
        int permits,
        String owner,
        String place,
        long fence,
        long nextFence,
        long acquiredAt,
        long expiresAt,
        long writerUntil,
        long now,
        long keptFor) {

    static KeyRow read(ResultSet row) throws SQLException {
        return read(row, 0);
    }

    /** The columns behind so many others. */
    static KeyRow read(ResultSet row, int others) throws SQLException {
        return new KeyRow(
                ModeColumn.of(row.getString(others + 1)),
                row.getInt(others + 2),
                row.getString(others + 3),
                row.getString(others + 4),
                row.getLong(others + 5),
                row.getLong(others + 6),
                row.getLong(others + 7),
                row.getLong(others + 8),
                row.getLong(others + 9),
                row.getLong(others + 10),
                0);
    }

    /** As {@link #read(ResultSet, int)}, where those who wait stand in the row. */
    static KeyRow readQueued(ResultSet row, int others) throws SQLException {
        return read(row, others).keptFor(row.getLong(others + 12));
    }

    private KeyRow keptFor(long micros) {
        return new KeyRow(
                mode, permits, owner, place, fence, nextFence, acquiredAt, expiresAt, writerUntil, now, micros);
    }

    /** The row as it was when it was taken, before the look at it: a very short lease may have ended since. */
    KeyRow whenAcquired() {
        return new KeyRow(
                mode, permits, owner, place, fence, nextFence, acquiredAt, expiresAt, writerUntil, acquiredAt, keptFor);
    }

    /** Whether anybody who asks may take it now. */
    boolean isForAll() {
        return isFree() && keptFor <= 0;
    }

    /** What a claim is told that may not take it. */
    Attempt.Busy busy() {
        return isFree()
                ? new Attempt.Busy(Duration.of(keptFor, ChronoUnit.MICROS), null)
                : new Attempt.Busy(leaseLeft(), holder());
    }

    boolean isFree() {
        return expiresAt <= now;
    }

    /** Whether its holders have rows of their own. */
    boolean isGroup() {
        return expiresAt == LeaseTable.NEVER;
    }

    /** Whether an exclusive claim waits, which new holders of a group must not overtake. */
    boolean isWantedByWriter() {
        return writerUntil > now;
    }

    Duration writerLeft() {
        return Duration.of(writerUntil - now, ChronoUnit.MICROS);
    }

    /** The next fence to hand out. */
    long newFence() {
        return Math.max(nextFence, now * 1_000);
    }

    Duration leaseLeft() {
        return Duration.of(expiresAt - now, ChronoUnit.MICROS);
    }

    LockHolder holder() {
        return new LockHolder(
                owner,
                LockPlace.parse(place),
                mode,
                fence,
                Duration.of(now - acquiredAt, ChronoUnit.MICROS),
                leaseLeft());
    }
}
