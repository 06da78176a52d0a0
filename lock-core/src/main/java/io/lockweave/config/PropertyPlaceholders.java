package io.lockweave.config;

import io.lockweave.LockUsageException;
import io.lockweave.spi.container.Placeholders;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Placeholders from a look-up of properties by name. Values and defaults may contain placeholders themselves. */
final class PropertyPlaceholders implements Placeholders {

    private static final String OPEN = "${";

    private final UnaryOperator<@Nullable String> lookup;

    PropertyPlaceholders(UnaryOperator<@Nullable String> lookup) {
        this.lookup = lookup;
    }

    @Override
    public String resolve(String place, String text) {
        return resolve(place, text, List.of());
    }

    private String resolve(String place, String text, List<String> within) {
        int open = text.indexOf(OPEN);
        if (open < 0) {
            return text;
        }
        int close = end(text, open);
        if (close < 0) {
            throw new LockUsageException(
                    place + " = \"" + text + "\" has a \"${\" without its \"}\"", "close the placeholder with }");
        }
        String inner = text.substring(open + OPEN.length(), close);
        return text.substring(0, open)
                + value(place, text, inner, within)
                + resolve(place, text.substring(close + 1), within);
    }

    private String value(String place, String text, String inner, List<String> within) {
        int colon = inner.indexOf(':');
        String name = (colon < 0 ? inner : inner.substring(0, colon)).strip();
        String value = lookup.apply(name);
        if (value != null) {
            if (within.contains(name)) {
                throw new LockUsageException(
                        place + " has a placeholder whose value leads back to itself: " + within + ", " + name,
                        "give one of these properties a value without the others");
            }
            List<String> deeper = new ArrayList<>(within);
            deeper.add(name);
            return resolve(place, value, deeper);
        }
        if (colon < 0) {
            throw new LockUsageException(
                    place + " = \"" + text + "\": there is no property \"" + name + "\"",
                    "set " + name + " in lockweave.properties, as a system property or as an environment variable, or"
                            + " write a default: ${" + name + ":...}");
        }
        return resolve(place, inner.substring(colon + 1), within);
    }

    private static int end(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            if (text.startsWith(OPEN, i)) {
                depth++;
            } else if (text.charAt(i) == '}' && --depth == 0) {
                return i;
            }
        }
        return -1;
    }
}
