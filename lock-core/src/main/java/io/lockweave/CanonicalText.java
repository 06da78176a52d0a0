package io.lockweave;

import io.lockweave.check.KeyRefusal;
import java.io.File;
import java.lang.reflect.Member;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * The one text that a value has in a key: the same in every JVM, time zone and locale, and whatever wraps the value.
 * What has none is refused. Users read the list of types in docs/annotation.md.
 */
final class CanonicalText {

    /** Types of the JDK whose {@code toString} is specified, and depends on nothing but the value. */
    private static final Set<Class<?>> SPECIFIED = Set.of(
            Boolean.class,
            Character.class,
            UUID.class,
            URI.class,
            URL.class,
            Currency.class,
            Instant.class,
            LocalDate.class,
            LocalTime.class,
            LocalDateTime.class,
            OffsetTime.class,
            OffsetDateTime.class,
            ZonedDateTime.class,
            Duration.class,
            Period.class,
            Year.class,
            YearMonth.class,
            MonthDay.class);

    /** Whether a class has a text of its own; by class, so that the look-up costs nothing on the way to a lock. */
    private static final ClassValue<Boolean> HAS_OWN_TEXT = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            try {
                return type.getMethod("toString").getDeclaringClass() != Object.class;
            } catch (NoSuchMethodException e) {
                return false;
            }
        }
    };

    private CanonicalText() {}

    /**
     * The text of a value.
     *
     * @throws LockUsageException if it has none; the problem continues a sentence about the value: {@code is null}
     */
    static String of(@Nullable Object value) {
        if (value instanceof String text) {
            return checked(text);
        }
        if (value instanceof Number number) {
            String text = NumberText.of(number);
            return text != null ? text : unspecified(number);
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value == null) {
            throw new LockUsageException("is null", "lock on something that is always there, or check it before");
        }
        String text = SPECIFIED.contains(value.getClass()) ? value.toString() : ofWrapper(value);
        return text != null ? checked(text) : unspecified(value);
    }

    /** The text of what stands for something else, or null. */
    private static @Nullable String ofWrapper(Object value) {
        if (value instanceof Optional<?> optional) {
            return of(optional.orElse(null));
        }
        if (value instanceof OptionalLong optional) {
            return of(optional.isPresent() ? optional.getAsLong() : null);
        }
        if (value instanceof OptionalInt optional) {
            return of(optional.isPresent() ? optional.getAsInt() : null);
        }
        if (value instanceof OptionalDouble optional) {
            return of(optional.isPresent() ? optional.getAsDouble() : null);
        }
        return value instanceof Record record ? RecordText.of(record) : ofPlace(value);
    }

    /** The text of dates and of what names a place or a language, or null. */
    private static @Nullable String ofPlace(Object value) {
        if (value instanceof Date) {
            return ofDate(value);
        }
        if (value instanceof ZoneId zone) {
            return zone.getId();
        }
        if (value instanceof Locale locale) {
            return locale.toLanguageTag();
        }
        if (value instanceof Charset charset) {
            return charset.name();
        }
        if (value instanceof File file) {
            return file.getPath().replace(File.separatorChar, '/');
        }
        if (value instanceof Path path) {
            return path.toString().replace(path.getFileSystem().getSeparator(), "/");
        }
        if (value instanceof Class<?> type && !type.isHidden()) {
            return type.getName();
        }
        return value instanceof Member member ? member.toString() : null;
    }

    /** The moment, which is what {@code equals} compares; java.sql's days and times of day have none. */
    private static String ofDate(Object date) {
        try {
            return ((Date) date).toInstant().toString();
        } catch (UnsupportedOperationException e) {
            throw new LockUsageException(
                    "is a " + date.getClass().getName() + ", whose text depends on the JVM's time zone",
                    "lock on its toLocalDate() or toLocalTime()",
                    e);
        }
    }

    /** The text of types that are not listed: by their own {@code toString}, if they are not the JDK's. */
    private static String unspecified(Object value) {
        Class<?> type = value.getClass();
        if (type.isArray()
                || value instanceof Iterable<?>
                || value instanceof Map<?, ?>
                || value instanceof BaseStream) {
            throw KeyRefusal.several(type.getSimpleName());
        }
        if (!HAS_OWN_TEXT.get(type)) {
            throw KeyRefusal.withoutText(type.getName());
        }
        if (isOfTheJdk(type) && !(value instanceof CharSequence)) {
            throw new LockUsageException(
                    "is a " + type.getName() + ", whose text is not the same in every JVM",
                    "lock on something that identifies it, as a text, a number or a type that"
                            + " docs/annotation.md lists");
        }
        String text = checked(value.toString());
        if (text.contains("@" + Integer.toHexString(System.identityHashCode(value)))) {
            throw IdentityText.refused(text);
        }
        return text;
    }

    private static boolean isOfTheJdk(Class<?> type) {
        ClassLoader loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getPlatformClassLoader();
    }

    private static String checked(@Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new LockUsageException("is blank", "lock on something that identifies one thing, for example its id");
        }
        if (IdentityText.isIn(text)) {
            throw IdentityText.refused(text);
        }
        return text;
    }
}
