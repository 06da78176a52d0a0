package io.lockweave.jdbc.lease;

import io.lockweave.LockHolder;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * A key's own row, and the database's time when it was read.
 *
 * @param mode who it is for: one exclusive holder, or holders with rows of their own
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
        long now) {

    static KeyRow read(ResultSet row) throws SQLException {
        return new KeyRow(
                ModeColumn.of(row.getString(1)),
                row.getInt(2),
                row.getString(3),
                row.getString(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9));
    }

    boolean isFree() {
        return expiresAt <= now;
    }

    /** Whether its holders have rows of their own. */
    boolean isGroup() {
        return expiresAt == LeaseSql.NEVER;
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
