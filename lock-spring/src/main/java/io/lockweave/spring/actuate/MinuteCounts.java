package io.lockweave.spring.actuate;

import java.time.Instant;
import java.util.Arrays;

/** How often something happened in each of the last sixty minutes. */
final class MinuteCounts {

    private static final int MINUTES = 60;

    private final long[] counts = new long[MINUTES];
    private long newest = Long.MIN_VALUE;

    synchronized void add(Instant now) {
        moveTo(minute(now));
        counts[(int) Math.floorMod(newest, (long) MINUTES)]++;
    }

    synchronized long sum(Instant now) {
        moveTo(minute(now));
        return Arrays.stream(counts).sum();
    }

    /** Empties what is older than an hour; a clock that is set back counts on in the newest minute. */
    private void moveTo(long minute) {
        if (newest == Long.MIN_VALUE || minute - newest >= MINUTES) {
            Arrays.fill(counts, 0);
            newest = minute;
        }
        while (newest < minute) {
            newest++;
            counts[(int) Math.floorMod(newest, (long) MINUTES)] = 0;
        }
    }

    private static long minute(Instant now) {
        return Math.floorDiv(now.getEpochSecond(), 60L);
    }
}
