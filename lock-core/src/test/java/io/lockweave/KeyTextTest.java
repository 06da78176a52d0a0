package io.lockweave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A value has one text as a key, in every JVM, or none. */
class KeyTextTest {

    private final TimeZone zone = TimeZone.getDefault();
    private final Locale locale = Locale.getDefault();

    @AfterEach
    void backHome() {
        TimeZone.setDefault(zone);
        Locale.setDefault(locale);
    }

    @Test
    void numbersCountByTheirValue() {
        for (Object same : List.of(
                42,
                42L,
                (short) 42,
                (byte) 42,
                42.0,
                42.0f,
                new BigDecimal("42"),
                new BigDecimal("42.00"),
                new BigDecimal("4.2E+1"),
                BigInteger.valueOf(42),
                new AtomicInteger(42),
                new AtomicLong(42),
                "42")) {
            assertThat(text(same)).as(same.getClass().getName()).isEqualTo("42");
        }
        assertThat(text(new BigDecimal("1E+2"))).isEqualTo("100");
        assertThat(text(-0.0)).isEqualTo("0");
        assertThat(text(new BigDecimal("0.00"))).isEqualTo("0");
        assertThat(text(BigInteger.TEN.pow(400))).hasSize(401);
        assertThat(text(Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
    }

    @Test
    void fractionsHaveTheFewestDigitsThatLeadBackToThem() {
        assertThat(text(0.1)).isEqualTo("0.1");
        assertThat(text(0.1f)).isEqualTo("0.1");
        assertThat(text(new BigDecimal("0.10"))).isEqualTo("0.1");
        assertThat(text(1.5e-7)).isEqualTo("0.00000015");
        assertThat(text(2.0e-3)).isEqualTo("0.002");
        // Double.toString writes 2.2E-322 or 2.0E-322, 1.0E23, 2.0E23 and others differently in Java 17 and 19
        assertThat(text(2.0E23)).isEqualTo("200000000000000000000000");
        assertThat(text(Double.MIN_VALUE)).endsWith("05").hasSize(2 + 324);
        assertThat(Double.parseDouble(text(Double.MAX_VALUE))).isEqualTo(Double.MAX_VALUE);
        assertThat(Double.parseDouble(text(Math.PI))).isEqualTo(Math.PI);
        assertThat(Float.parseFloat(text((float) Math.E))).isEqualTo((float) Math.E);
    }

    @Test
    void wrappersAreLookedThrough() {
        for (Object same : List.of(
                Optional.of(42L),
                OptionalLong.of(42),
                OptionalInt.of(42),
                OptionalDouble.of(42),
                Optional.of(Optional.of("42")),
                new StringBuilder("42"))) {
            assertThat(text(same)).as(same.getClass().getName()).isEqualTo("42");
        }
        refused(Optional.empty(), "is null");
        refused(OptionalLong.empty(), "is null");
    }

    @Test
    void timesAreMomentsWhateverTheZoneOfTheJvm() {
        Instant moment = Instant.parse("2024-03-31T01:30:00Z");
        for (String name : List.of("UTC", "Asia/Kolkata", "America/St_Johns")) {
            TimeZone.setDefault(TimeZone.getTimeZone(name));
            assertThat(text(Date.from(moment))).isEqualTo("2024-03-31T01:30:00Z");
            assertThat(text(Timestamp.from(moment.plusNanos(5)))).isEqualTo("2024-03-31T01:30:00.000000005Z");
            assertThat(text(moment)).isEqualTo("2024-03-31T01:30:00Z");
        }
        refused(new java.sql.Date(5), "java.sql.Date, whose text depends on the JVM's time zone");
        refused(new java.sql.Time(5), "java.sql.Time, whose text depends on the JVM's time zone");
        refused(Calendar.getInstance(), "java.util.GregorianCalendar");
    }

    @Test
    void listedTypesHaveTheTextOfTheirSpecification() {
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        assertThat(text(UUID.fromString("123e4567-e89b-12d3-a456-426614174000")))
                .isEqualTo("123e4567-e89b-12d3-a456-426614174000");
        assertThat(text(LocalDate.of(2024, 2, 29))).isEqualTo("2024-02-29");
        assertThat(text(Duration.ofMinutes(90))).isEqualTo("PT1H30M");
        assertThat(text(ZoneId.of("Europe/Berlin"))).isEqualTo("Europe/Berlin");
        assertThat(text(Locale.GERMANY)).isEqualTo("de-DE");
        assertThat(text(StandardCharsets.UTF_8)).isEqualTo("UTF-8");
        assertThat(text(Currency.getInstance("EUR"))).isEqualTo("EUR");
        assertThat(text(Thread.State.NEW)).isEqualTo("NEW");
        assertThat(text('c')).isEqualTo("c");
        assertThat(text(true)).isEqualTo("true");
        assertThat(text(Path.of("a", "b"))).isEqualTo("a/b");
        assertThat(text(new File("a", "b"))).isEqualTo("a/b");
        assertThat(text(String.class)).isEqualTo("java.lang.String");
    }

    @Test
    void valuesWhoseTextIsAnIdentityAreRefused() {
        refused(new Object(), "no toString of its own");
        refused(new NumberWithoutText(), "no toString of its own");
        refused(new ReentrantLock(), "java.util.concurrent.locks.ReentrantLock");
        refused(Thread.currentThread(), "java.lang.Thread");
        refused(new LongAdder(), "java.util.concurrent.atomic.LongAdder");
        refused(new AtomicReference<>("a"), "AtomicReference");
        refused((Runnable) () -> {}, "no toString of its own");
        refused(new Holder(new Plain()), "names an object of this JVM alone");
        refused(new Plain().toString(), "names an object of this JVM alone");
        refused("x:" + new Plain() + ")", "names an object of this JVM alone");
        refused(((Object) new byte[] {1}).toString(), "names an object of this JVM alone");
        refused(Arrays.asList(new Object[0], "b").toString(), "names an object of this JVM alone");
        refused(((Runnable) () -> {}).toString(), "names an object of this JVM alone");
        refused(((Object) new Plain[0]).toString(), "names an object of this JVM alone");
        assertThat(text("joe.Doe@example.com")).isEqualTo("joe.Doe@example.com");
        assertThat(text("joe.doe@decade")).isEqualTo("joe.doe@decade");
        assertThat(text("joe@abcdef")).isEqualTo("joe@abcdef");
        assertThat(text("@12345 a@12345. @")).isEqualTo("@12345 a@12345. @");
    }

    @Test
    void severalValuesAreNotOneKey() {
        refused(List.of(1), "acquireAll");
        refused(new int[] {1}, "acquireAll");
        refused(Map.of("a", 1), "acquireAll");
        refused(Stream.of(1), "acquireAll");
        refused((Iterable<Integer>) () -> List.of(1).iterator(), "acquireAll");
        refused(Optional.of(List.of(1)), "acquireAll");
    }

    @Test
    void recordsCountByTheirComponents() {
        assertThat(text(new Ref("acme", 42.0))).isEqualTo("(acme,42)");
        assertThat(text(new Ref("a,b", "c\\"))).isEqualTo("(a\\,b,c\\\\)");
        assertThat(text(new Ref("acme", new Ref("x", 1)))).isEqualTo("(acme,(x\\,1))");
        assertThat(text(new Ref("acme", Date.from(Instant.EPOCH)))).isEqualTo("(acme,1970-01-01T00:00:00Z)");
        assertThat(text(new Named("acme", 7))).isEqualTo("acme/7");
        refused(
                new Ref("acme", new Plain()),
                "has a part 2 that is a io.lockweave.KeyTextTest$Plain, which has no toString");
        refused(new Ref("acme", new byte[] {1}), "has a part 2 that is a byte[]");
        refused(new Ref("acme", null), "has a part 2 that is null");
        refused(new Ref("acme", List.of()), "has a part 2 that is a ListN");
    }

    @Test
    void aCompositeKeyIsOneKeyOfSeveralParts() {
        assertThat(LockKey.of("order", "acme", 42).value()).isEqualTo("(acme,42)");
        assertThat(LockKey.of("order", "acme", 42L, 'c').value()).isEqualTo("(acme,42,c)");
        assertThat(LockKey.of("order", "acme", 42)).isEqualTo(LockKey.of("order", new Ref("acme", 42)));
        assertThat(LockKey.of("order", "1", "23")).isNotEqualTo(LockKey.of("order", "12", "3"));
        assertThat(LockKey.of("order", "a,b", "c")).isNotEqualTo(LockKey.of("order", "a", "b,c"));
        assertThat(LockKey.of("order", "a\\", "b")).isNotEqualTo(LockKey.of("order", "a", "\\,b"));
        assertThatThrownBy(() -> LockKey.of("order", "acme", null, 3))
                .isInstanceOf(LockUsageException.class)
                .hasMessageStartingWith("The key value for \"order\" has a part 2 that is null");
        assertThatThrownBy(() -> LockKey.of("order", "acme", " "))
                .hasMessageStartingWith("The key value for \"order\" has a part 2 that is blank");
    }

    @Test
    void theTextOfAKeyIsTheKeyAgain() {
        for (Object value : List.of("a", 42.5, new Ref("a,b", "\\"), new Date(), Optional.of(1))) {
            LockKey key = LockKey.of("name", value);
            assertThat(LockKey.of("name", key.value())).isEqualTo(key);
        }
    }

    @Test
    void numbersThatIdentifyNothingAreRefused() {
        refused(Double.NaN, "is NaN");
        refused(Float.POSITIVE_INFINITY, "is Infinity");
        refused(new BigDecimal("1E+2147483647"), "exponent");
        refused(new BigDecimal("1E-2147483647"), "exponent");
    }

    private static String text(Object value) {
        return LockKey.of("name", value).value();
    }

    private static void refused(Object value, String problem) {
        assertThatThrownBy(() -> LockKey.of("name", value))
                .isInstanceOf(LockUsageException.class)
                .hasMessageStartingWith("The key value for \"name\" ")
                .hasMessageContaining(problem);
    }

    private record Ref(String tenant, @Nullable Object id) {}

    private record Named(String tenant, int id) {
        @Override
        public String toString() {
            return tenant + "/" + id;
        }
    }

    private static final class Plain {}

    /** Has a text with an identity in it. */
    private static final class Holder {
        private final Plain plain;

        Holder(Plain plain) {
            this.plain = plain;
        }

        @Override
        public String toString() {
            return "Holder of " + plain;
        }
    }

    private static final class NumberWithoutText extends Number {
        @Override
        public int intValue() {
            return 1;
        }

        @Override
        public long longValue() {
            return 1;
        }

        @Override
        public float floatValue() {
            return 1;
        }

        @Override
        public double doubleValue() {
            return 1;
        }
    }
}
