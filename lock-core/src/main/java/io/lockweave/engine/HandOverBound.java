package io.lockweave.engine;

import java.util.concurrent.TimeUnit;

/**
 * How long a grant may change hands in this JVM before other JVMs get their turn: 20 ms, or as long as some round trips
 * to the store take if that is more. To give a lock up and take it again costs two of them, so where the store is far
 * away a fixed time would be spent on little else.
 */
final class HandOverBound {

    private static final long LEAST = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long MOST = TimeUnit.SECONDS.toNanos(1);
    private static final int ROUND_TRIPS = 10;
    private static final int WEIGHT = 8;

    private final boolean on;
    private volatile long roundTrip;

    /** With false, every holder gets its grant from the store. */
    HandOverBound(boolean on) {
        this.on = on;
    }

    /** Whether a grant may change hands at all. */
    boolean isOn() {
        return on;
    }

    /**
     * The store has answered a try. The fastest answers tell the way there and back, slower ones what else the store or
     * this JVM did, so those count only if they last.
     */
    void answeredAfter(long nanos) {
        long known = roundTrip;
        if (nanos != known) {
            roundTrip =
                    known == 0 || nanos < known ? nanos : known + (nanos - known) / WEIGHT; // a race loses one of many
        }
    }

    long nanos() {
        return Math.min(MOST, Math.max(LEAST, roundTrip * ROUND_TRIPS));
    }
}
