package io.lockweave;

/**
 * Finds what {@link Object#toString} writes, {@code com.acme.User@1b28cdfa}, also as a part of a text: another text in
 * every JVM, for each object. Says nothing of an at sign in an address of mail.
 */
final class IdentityText {

    /** Random numbers of 31 bits are hardly ever shorter, and names of hosts often are. */
    private static final int FEWEST_DIGITS = 5;

    private static final int MOST_DIGITS = 8;
    private static final String PRIMITIVES = "ZBCDFIJS";

    private IdentityText() {}

    static boolean isIn(String text) {
        for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
            if (isHash(text, at + 1) && isClass(text, at)) {
                return true;
            }
        }
        return false;
    }

    static LockUsageException refused(String text) {
        return new LockUsageException(
                "has the text \"" + KeyText.printable(text) + "\", which names an object of this JVM alone",
                "lock on something that identifies it, for example its id, or give the object in it a toString");
    }

    private static boolean isHash(String text, int start) {
        int end = start;
        while (end < text.length() && Character.digit(text.charAt(end), 16) >= 0) {
            end++;
        }
        boolean ends = end == text.length()
                || !(Character.isLetterOrDigit(text.charAt(end)) || "@.-_".indexOf(text.charAt(end)) >= 0);
        return ends && end - start >= FEWEST_DIGITS && end - start <= MOST_DIGITS;
    }

    /** Whether the name of a class with a package, or of an array, ends there. */
    private static boolean isClass(String text, int end) {
        int start = end;
        while (start > 0 && isOfAName(text.charAt(start - 1))) {
            start--;
        }
        if (start > 0 && text.charAt(start - 1) == '[') {
            boolean primitives = end - start == 1 && PRIMITIVES.indexOf(text.charAt(start)) >= 0;
            boolean objects = end - start > 2 && text.charAt(start) == 'L' && text.charAt(end - 1) == ';';
            if (primitives || objects) {
                return true;
            }
        }
        int simple = text.lastIndexOf('.', end - 1) + 1;
        return simple > start + 1
                && simple < end
                && Character.isLowerCase(text.charAt(start))
                && (Character.isUpperCase(text.charAt(simple))
                        || text.substring(simple, end).indexOf('$') >= 0);
    }

    private static boolean isOfAName(char c) {
        return Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '$' || c == '/' || c == ';';
    }
}
