package io.lockweave.engine;

import java.time.Duration;

/** Times as the monotonic clock counts them. */
final class Nanos {

    /** More than any clock counts to. */
    static final long ENDLESS = Long.MAX_VALUE / 4;

    private Nanos() {}

    /** A duration in nanoseconds; what is longer than the clock can count is cut. */
    static long of(Duration duration) {
        return duration.compareTo(Duration.ofDays(36_500)) > 0 ? ENDLESS : duration.toNanos();
    }
}
