package io.lockweave.examples.pointsrace;

import java.util.Locale;

/** What came of one row. The latencies are sorted, in nanoseconds. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Result(String strategy, boolean losesNothing, long expected, long actual, long nanos, long[] latencies) {

    static final String HEADER = String.format(
            Locale.ROOT,
            "%-32s %10s %10s %10s %12s %10s %10s",
            "strategy",
            "expected",
            "actual",
            "lost",
            "ops/s",
            "p50 us",
            "p99 us");

    long lost() {
        return expected - actual;
    }

    /** Whether the strategy kept its word. */
    boolean kept() {
        return !losesNothing || lost() == 0;
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "%-32s %10d %10d %10d %12.0f %10.1f %10.1f%s",
                strategy,
                expected,
                actual,
                lost(),
                latencies.length * 1e9 / nanos,
                percentile(50) / 1e3,
                percentile(99) / 1e3,
                kept() ? "" : "   <- promised to lose nothing");
    }

    private double percentile(int percent) {
        return latencies[Math.min(latencies.length - 1, latencies.length * percent / 100)];
    }
}
