package io.lockweave;

import io.lockweave.check.KeyRefusal;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Turns key values into text, and keys into text that is safe to print. */
final class KeyText {

    private static final int LONGEST_PRINTED = 200;

    private KeyText() {}

    static String of(String name, @Nullable Object value) {
        try {
            return CanonicalText.of(value);
        } catch (LockUsageException e) {
            throw of(name, e);
        }
    }

    /** The text of one key of several parts. */
    static String ofAll(String name, Collection<? extends @Nullable Object> parts) {
        try {
            return RecordText.ofAll(parts);
        } catch (LockUsageException e) {
            throw of(name, e);
        }
    }

    private static LockUsageException of(String name, LockUsageException e) {
        return KeyRefusal.ofKey(printable(name), e);
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
