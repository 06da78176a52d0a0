package io.lockweave.config;

import io.lockweave.LockOptions;
import io.lockweave.LockUsageException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads times as people write them: {@code 5s}, {@code 250ms}, {@code 2m}, {@code 1h}, {@code 1d}, {@code PT5S},
 * {@code 0} and {@code forever}.
 */
public final class DurationText {

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(\\d{1,18})(ns|us|ms|s|m|h|d)");
    private static final String FORMS = "5s, 250ms, 2m, 1h, 1d, PT5S or 0";

    private static final Duration SHORTEST_LEASE = Duration.ofMillis(10);

    private DurationText() {}

    /**
     * Reads a time.
     *
     * @param place where the text stands, for the error: {@code lockweave.wait-time}, {@code waitTime of ...}
     * @return the time; {@link LockOptions#FOREVER} for {@code forever}
     * @throws LockUsageException naming place, text and valid forms, if the text is anything else or negative
     */
    public static Duration parse(String place, String text) {
        if (text.strip().equalsIgnoreCase("forever")) {
            return LockOptions.FOREVER;
        }
        return read(place, text, FORMS + ", or forever");
    }

    /** As {@link #parse}, for a time that must have an end: {@code forever} is refused. */
    public static Duration parseFinite(String place, String text) {
        return read(place, text, FORMS);
    }

    private static Duration read(String place, String text, String forms) {
        String plain = text.strip();
        if (plain.equals("0")) {
            return Duration.ZERO;
        }
        try {
            Matcher parts = NUMBER_AND_UNIT.matcher(plain.toLowerCase(Locale.ROOT));
            Duration time =
                    parts.matches() ? of(Long.parseLong(parts.group(1)), parts.group(2)) : Duration.parse(plain);
            if (!time.isNegative()) {
                return time;
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            // said below, in the words of the one who wrote the text
        }
        throw new LockUsageException(place + " = \"" + text + "\" is not a time", "write it as " + forms);
    }

    private static Duration of(long number, String unit) {
        return switch (unit) {
            case "ns" -> Duration.ofNanos(number);
            case "us" -> Duration.ofNanos(Math.multiplyExact(number, 1_000));
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /**
     * Makes sure that a lease can outlast a round trip to its store and its renewals.
     *
     * @throws LockUsageException if it is too short for any store
     */
    public static void requireLease(String place, Duration lease) {
        if (lease.compareTo(SHORTEST_LEASE) < 0) {
            throw new LockUsageException(
                    place + " is " + lease.toMillis() + " ms, and such a lease is over before it can be renewed",
                    "leave it at 30s, or give at least " + SHORTEST_LEASE.toMillis() + "ms");
        }
    }
}
