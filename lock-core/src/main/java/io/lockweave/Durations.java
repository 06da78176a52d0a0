package io.lockweave;

import java.time.Duration;

/** Durations as messages and the log write them: {@code 250 ms}, {@code 3.2 s}, {@code forever}. */
public final class Durations {

    private Durations() {}

    /** The text, rounded down: milliseconds below a second, else tenths of a second. */
    public static String text(Duration time) {
        if (time.compareTo(Duration.ofDays(36_500)) > 0) {
            return "forever";
        }
        long millis = time.toMillis();
        if (millis < 1_000) {
            return millis + " ms";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis / 1_000 + "." + millis / 100 % 10 + " s";
    }
}
