package io.lockweave;

import java.util.Collection;
import java.util.Map;

/** Turns key values into text, and keys into text that is safe to print. */
final class KeyText {

    private static final int LONGEST_PRINTED = 200;

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

    private KeyText() {}

    static String of(String name, Object value) {
        if (value instanceof String text) {
            return notBlank(name, text);
        }
        if (value instanceof Number || value instanceof Enum<?>) {
            return value instanceof Enum<?> constant ? constant.name() : value.toString();
        }
        if (value == null) {
            throw new LockUsageException(
                    "The key value for \"" + printable(name) + "\" is null",
                    "lock on something that is always there, or check it before");
        }
        Class<?> type = value.getClass();
        if (type.isArray() || value instanceof Collection<?> || value instanceof Map<?, ?>) {
            throw new LockUsageException(
                    "The key value for \"" + printable(name) + "\" is a " + type.getSimpleName(),
                    "lock several keys with acquireAll, one key for each element");
        }
        if (!HAS_OWN_TEXT.get(type)) {
            throw new LockUsageException(
                    "The key value for \"" + printable(name) + "\" is a " + type.getName()
                            + ", which has no toString of its own, so its text differs in every JVM",
                    "lock on something that identifies it, for example its id");
        }
        return notBlank(name, value.toString());
    }

    private static String notBlank(String name, String text) {
        if (text == null || text.isBlank()) {
            throw new LockUsageException(
                    "The key value for \"" + printable(name) + "\" is blank",
                    "lock on something that identifies one thing, for example its id");
        }
        return text;
    }

    static String printable(String text) {
        int end = Math.min(text.length(), LONGEST_PRINTED);
        StringBuilder out = new StringBuilder(end + 16);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean plain = !Character.isISOControl(c)
                    && !Character.isSurrogate(c)
                    && Character.getType(c) != Character.FORMAT
                    && c != '\u2028'
                    && c != '\u2029';
            boolean pair = Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1));
            if (plain) {
                out.append(c);
            } else if (pair) {
                out.append(c).append(text.charAt(++i));
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        return end < text.length() ? out + "... (" + text.length() + " characters)" : out.toString();
    }
}
