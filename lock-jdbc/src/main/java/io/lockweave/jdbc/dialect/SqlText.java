package io.lockweave.jdbc.dialect;

/** Text for messages and columns. */
public final class SqlText {

    private static final int LONGEST_SHOWN = 80;

    private SqlText() {}

    /** In quotes, without control characters, cut. */
    public static String shown(String text) {
        String clean = text.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return "\"" + (clean.length() > LONGEST_SHOWN ? cut(clean, LONGEST_SHOWN) + "..." : clean) + "\"";
    }

    /** At most so many characters, and no half of a pair at the end. */
    public static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end);
    }
}
