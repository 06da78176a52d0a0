package io.lockweave.redis;

/** Text for people as it is stored: printable ASCII, so that every client and console shows the same. */
final class Ascii {

    private static final int LONGEST = 400;

    private Ascii() {}

    /** Escapes what is not printable ASCII, and cuts what is long. */
    static String text(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length() && out.length() < LONGEST; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 127) {
                out.append(c);
            } else {
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        return out.toString();
    }

    private static boolean isPlain(String text) {
        if (text.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > 126) {
                return false;
            }
        }
        return true;
    }
}
