package io.lockweave.spring.actuate;

import io.lockweave.LockUsageException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the endpoint has a lock, from the text that people see of it. Keys come from requests: one like
 * {@code doc[../user/42]} must not become the address of another lock. So there is an address only if it leads to
 * exactly this lock, through browsers and servers that resolve dots and leave out empty parts.
 *
 * @param namespace the namespace that the endpoint fills in
 */
record LockAddresses(String namespace) {

    /** One pair of brackets: with more nobody knows where the value begins. No escapes. */
    private static final Pattern TEXT = Pattern.compile("(?s)([^\\[\\]/\\\\]+)(?:\\[([^\\[\\]\\\\]+)])?");

    private static final Pattern CUT = Pattern.compile("(?s).*\\.\\.\\. \\(\\d+ characters\\)");

    /** The path below the endpoint, encoded; null if none leads to this lock. */
    @Nullable
    String of(String text) {
        String prefix = namespace + "/";
        if (!text.startsWith(prefix) || CUT.matcher(text).matches()) {
            return null;
        }
        Matcher found = TEXT.matcher(text.substring(prefix.length()));
        if (!found.matches()) {
            return null;
        }
        String value = found.group(2);
        String[] parts = (found.group(1) + (value == null ? "" : "/" + value)).split("/", -1);
        return Arrays.stream(parts).allMatch(LockAddresses::stays) && leadsTo(text, parts)
                ? Arrays.stream(parts)
                        .map(part ->
                                URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                        .collect(Collectors.joining("/"))
                : null;
    }

    private static boolean stays(String part) {
        return !part.isEmpty() && !part.equals(".") && !part.equals("..");
    }

    private boolean leadsTo(String text, String[] parts) {
        try {
            return LocksEndpoint.key(parts).in(namespace).toString().equals(text);
        } catch (LockUsageException e) {
            return false; // a name or value that no key has
        }
    }
}
