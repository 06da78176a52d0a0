package io.lockweave.jdbc.lease;

import io.lockweave.LockKey;
import io.lockweave.jdbc.dialect.SqlText;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import java.time.Duration;

/** Between claims and the columns of the lock table. */
final class ClaimRows {

    /** The widths of the columns for people. */
    private static final int NAME = 400;

    private static final int PLACE = 255;

    /** As long as a lease can be; the sum with any time of ours is still a number. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** For clocks that tick in milliseconds: a lease must not end sooner than asked. */
    private static final long TICK = 1_000;

    private ClaimRows() {}

    static String name(LockKey key) {
        return SqlText.cut(key.toString(), NAME);
    }

    static String place(Claim claim) {
        return SqlText.cut(claim.place().text(), PLACE);
    }

    static long micros(Duration lease) {
        Duration time = lease.compareTo(LONGEST) > 0 ? LONGEST : lease;
        return (time.toNanos() + 999) / 1_000 + TICK;
    }

    /** The grant of these fences; a clock that ticked in the middle of a statement may have left more than asked. */
    static Grant grant(Claim claim, long fence, long nextFence) {
        return new Grant(claim, fence, (int) Math.min(claim.fences(), nextFence - fence));
    }
}
