package io.lockweave.engine;

import io.lockweave.LockKey;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Fences of locks that no store numbers: a fixed number of counters, chosen by the key's hash, that begin at the wall
 * clock's nanoseconds since 1970. They cannot be counted up as fast as that clock runs, so they also grow from one
 * start of the JVM to the next.
 */
final class FenceCounters {

    private static final int COUNTERS = 64;

    /** Keeps two counters out of one cache line. */
    private static final int STRIDE = 16;

    private static final AtomicLongArray LAST = new AtomicLongArray(COUNTERS * STRIDE);

    static {
        long seed = Math.multiplyExact(System.currentTimeMillis(), 1_000_000L);
        for (int i = 0; i < COUNTERS; i++) {
            LAST.set(i * STRIDE, seed);
        }
    }

    private FenceCounters() {}

    /** The first of so many consecutive fences, larger than all given out for the key before. */
    static long next(LockKey key, int count) {
        int hash = key.hashCode();
        return LAST.getAndAdd(((hash ^ hash >>> 16) & COUNTERS - 1) * STRIDE, count) + 1;
    }
}
