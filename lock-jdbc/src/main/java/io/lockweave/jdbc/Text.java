package io.lockweave.jdbc;

/** Text for messages and columns. */
final class Text {

    private static final int LONGEST_SHOWN = 80;

    private Text() {}

    /** In quotes, without control characters, cut. */
    static String shown(String text) {
        String clean = text.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return "\"" + (clean.length() > LONGEST_SHOWN ? cut(clean, LONGEST_SHOWN) + "..." : clean) + "\"";
    }

    /** At most so many characters, and no half of a pair at the end. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end);
    }
}
