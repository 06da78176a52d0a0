package io.lockweave.invoke;

import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Random expressions over random values, the same for each seed in every JVM; as a program, it prints the key that each
 * pair of them has there: {@code 17=#x.id + ':' + #y -> (acme,1)}.
 */
public final class RandomKeys {

    private static final int WARM = 110;

    private final Random random;

    RandomKeys(long seed) {
        this.random = new Random(seed);
    }

    /** Prints so many keys of this seed; a third argument makes each expression warm before. */
    public static void main(String[] arguments) {
        RandomKeys keys = new RandomKeys(Long.parseLong(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        for (int i = 0; i < count; i++) {
            System.out.println(i + "=" + keys.next(arguments.length > 2));
        }
    }

    /** One more line of the table. */
    String next(boolean warm) {
        String expression = expression(random.nextInt(3));
        Object x = value();
        Object y = value();
        KeysOfExpressions keys;
        try {
            keys = new KeysOfExpressions(expression, "pair");
        } catch (LockUsageException e) {
            return expression + " -> not valid";
        }
        List<@Nullable Object> before = Arrays.asList(value(), value(), value());
        if (warm) {
            for (Object other : before) {
                boolean fits = true;
                for (int i = 0; i < WARM && fits; i++) {
                    fits = !keys.of(other, other).equals(KeysOfExpressions.REFUSED);
                }
            }
        }
        return expression + " -> " + keys.of(x, y).replace("\n", "\\n");
    }

    /** The key that {@link LockKey#of} makes of the value. */
    static String byHand(@Nullable Object value) {
        try {
            return LockKey.of("name", value).value();
        } catch (LockUsageException e) {
            return KeysOfExpressions.REFUSED;
        }
    }

    private String expression(int depth) {
        if (depth == 0) {
            return atom();
        }
        int kind = random.nextInt(24);
        String one = expression(depth - 1);
        String other = kind < 12 ? expression(depth - 1) : "";
        return switch (kind) {
            case 0, 1, 2 -> one + " + " + other;
            case 3 -> one + " + ':' + " + other;
            case 4 -> "(" + one + " " + pick("-", "*", "/", "%") + " " + other + ")";
            case 5 -> "(" + one + " " + pick("==", "!=", "<", ">") + " " + other + " ? " + one + " : " + other + ")";
            case 6 -> "(" + one + " ?: " + other + ")";
            case 7 -> "{" + one + ", " + other + "}";
            case 8, 9 -> "#composite(" + one + ", " + other + ")";
            case 10 -> "T(String).format('%s-%s', " + one + ", " + other + ")";
            case 11 -> "T(io.lockweave.invoke.WarmKeysTest$Keys).of(" + one + ") + " + other;
            case 12, 13 -> one + pick(".", "?.") + pick("id", "name", "amount", "text", "tenant", "time");
            case 14, 15 -> one + pick(".", "?.") + pick("toString()", "toLowerCase()", "toUpperCase()", "length()");
            case 16 -> one + pick(".", "?.") + pick("size()", "get(0)", "isEmpty()", "isPresent()", "orElse('none')");
            case 17 -> one + pick("[0]", "?.[0]", "['k']");
            case 18 -> one + pick(".![#this]", ".?[#this != null]", "?.![#this]", ".^[true]");
            case 19 -> "new io.lockweave.invoke.WarmKeysTest$Ref(" + one + ").text";
            case 20 -> "T(String).valueOf(" + one + ")";
            case 21 -> "-" + one;
            default -> one + " + ':' + #y";
        };
    }

    private String atom() {
        return pick("#x", "#x", "#x", "#x", "#y", "#y", "#p0", "#p1", "#root.args[1]", "'İ ß'", "42", "1.5", "null");
    }

    private String pick(String... all) {
        return all[random.nextInt(all.length)];
    }

    @Nullable
    Object value() {
        long number = random.nextLong() >> random.nextInt(64);
        Instant time = Instant.ofEpochMilli(random.nextLong() >> 20);
        return switch (random.nextInt(34)) {
            case 0 -> null;
            case 1 -> (int) number;
            case 2 -> number;
            case 3 -> (short) number;
            case 4 -> random.nextGaussian();
            case 5 -> (float) random.nextGaussian();
            case 6 -> Double.longBitsToDouble(random.nextLong());
            case 7 -> BigDecimal.valueOf(number, random.nextInt(40) - 20);
            case 8 -> BigInteger.valueOf(number).pow(3);
            case 9 -> new AtomicLong(number);
            case 10 -> text();
            case 11 -> new StringBuilder(text());
            case 12 -> (char) ('!' + random.nextInt(90));
            case 13 -> random.nextBoolean();
            case 14 -> new UUID(random.nextLong(), random.nextLong());
            case 15 -> Optional.of(number);
            case 16 -> Optional.empty();
            case 17 -> OptionalLong.of(number);
            case 18 -> Date.from(time);
            case 19 -> Timestamp.from(time);
            case 20 -> time;
            case 21 -> LocalDate.ofEpochDay(number >> 40);
            case 22 -> time.atZone(ZoneId.of(pick("Asia/Kolkata", "America/New_York", "UTC")));
            case 23 -> Duration.ofMillis(number);
            case 24 -> new ArrayList<>(Arrays.asList(text(), number, null));
            case 25 -> List.of(number, text());
            case 26 -> new Object[] {text(), number};
            case 27 -> Map.of("k", text());
            case 28 -> new Part(text(), random.nextBoolean() ? time : number);
            case 29 -> new Part(text(), new Part("", Date.from(time)));
            case 30 -> random.nextBoolean() ? new WarmKeysTest.Event() : new WarmKeysTest.OrderEvent();
            case 31 -> new WarmKeysTest.Payment(number);
            case 32 -> random.nextBoolean() ? new WarmKeysTest.SavingsAccount() : new Locale("tr", "TR");
            default -> pick("SECONDS", "DAYS").equals("DAYS") ? TimeUnit.DAYS : new Object();
        };
    }

    private String text() {
        return pick(
                "", " ", "i", "İSTANBUL", "ı", "acme", "a,b", "(a,b)", "x@12345", "null", "٣", "straße", "42", "42.0");
    }

    /** A value of two parts, with a moment that depends on the zone if one asks wrongly. */
    public record Part(String tenant, @Nullable Object id) {

        /** For paths. */
        public Date getTime() {
            return new Date(tenant.length() * 1_000_000_000L);
        }
    }
}
