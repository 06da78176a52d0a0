package io.lockweave.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Times as the monotonic clock counts them. */
final class Nanos {

    /** More than any clock counts to. */
    static final long ENDLESS = Long.MAX_VALUE / 4;

    private Nanos() {}

    /** A duration in nanoseconds; what is longer than the clock can count is cut. */
    static long of(Duration duration) {
        return duration.compareTo(Duration.ofDays(36_500)) > 0 ? ENDLESS : duration.toNanos();
    }

    /** How much is left of a wait; null if it has no end. */
    static @Nullable Duration left(long deadline, long now) {
        long left = deadline - now;
        return left >= ENDLESS / 2 ? null : Duration.ofNanos(Math.max(0, left));
    }
}
