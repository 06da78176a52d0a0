package io.lockweave;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Numbers count by their value: 42, 42L, 42.0 and 42.00 are one key, written as {@code 42}. Fractions of binary numbers
 * have the fewest digits that lead back to them, found here because {@link Double#toString} writes others since Java
 * 19.
 */
final class NumberText {

    private static final int MOST_ZEROS = 1_000;
    private static final int DIGITS_OF_DOUBLE = 17;
    private static final int DIGITS_OF_FLOAT = 9;
    private static final double EXACT_AS_LONG = 1L << 53;

    private NumberText() {}

    /** The text of the JDK's numbers; null for other types. */
    static @Nullable String of(Number number) {
        if (number instanceof Integer
                || number instanceof Long
                || number instanceof Short
                || number instanceof Byte
                || number instanceof BigInteger
                || number instanceof AtomicLong
                || number instanceof AtomicInteger) {
            return number.toString();
        }
        if (number instanceof BigDecimal decimal) {
            return plain(decimal);
        }
        if (number instanceof Double binary) {
            return ofBinary(binary, DIGITS_OF_DOUBLE, text -> Double.parseDouble(text) == binary);
        }
        return number instanceof Float binary
                ? ofBinary(binary, DIGITS_OF_FLOAT, text -> Float.parseFloat(text) == binary)
                : null;
    }

    private static String plain(BigDecimal decimal) {
        BigDecimal shortest = decimal.stripTrailingZeros();
        if (Math.abs((long) shortest.scale()) > MOST_ZEROS) {
            throw new LockUsageException(
                    "is a number with an exponent beyond " + MOST_ZEROS, "lock on a number that identifies something");
        }
        return shortest.toPlainString();
    }

    private static String ofBinary(double value, int mostDigits, Predicate<String> leadsBack) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new LockUsageException("is " + value, "lock on a number that identifies something");
        }
        if (value == Math.rint(value) && Math.abs(value) <= EXACT_AS_LONG) {
            return Long.toString((long) value);
        }
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < mostDigits; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (leadsBack.test(rounded.toString())) {
                return plain(rounded);
            }
        }
        return plain(exact.round(new MathContext(mostDigits, RoundingMode.HALF_EVEN)));
    }
}
