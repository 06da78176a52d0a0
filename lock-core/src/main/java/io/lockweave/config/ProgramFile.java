package io.lockweave.config;

import io.lockweave.LockUsageException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The {@code lockweave.properties} of a program. A mistake in it must not lead to locks that work inside this JVM only,
 * so it is read strictly.
 *
 * @param places where it is: several if there are copies of it
 * @param properties what it says
 */
public record ProgramFile(Set<String> places, Properties properties) {

    static final String NAME = "lockweave.properties";

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /**
     * Finds and reads it.
     *
     * @throws LockUsageException if it is not valid, or if there are several that say different things
     */
    public static ProgramFile find(ProgramLoaders loaders) {
        List<URL> urls;
        try {
            urls = loaders.resources(NAME);
        } catch (IOException e) {
            throw new LockUsageException(
                    NAME + " cannot be looked for: " + e.getMessage(), "make the class path readable", e);
        }
        Properties first = null;
        Set<String> places = new TreeSet<>();
        for (URL url : urls) {
            Properties one = read(url);
            places.add(url.toString());
            if (first != null && !first.equals(one)) {
                throw new LockUsageException(
                        "There are several " + NAME + " that say different things: " + urls,
                        "keep one of them; what differs from place to place, for example in tests, give as system"
                                + " properties, which win over the file");
            }
            first = one;
        }
        return new ProgramFile(places, first == null ? new Properties() : first);
    }

    /** Whether there is none. */
    public boolean isMissing() {
        return places.isEmpty();
    }

    private static Properties read(URL url) {
        Once properties = new Once();
        try {
            String text = decode(url, bytes(url));
            properties.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            throw new LockUsageException(
                    url + " cannot be read: " + e.getMessage(), "make it a readable properties file in UTF-8", e);
        }
        if (!properties.twice.isEmpty()) {
            throw new LockUsageException(
                    url + " has more than one line for " + String.join(", ", properties.twice),
                    "keep one line for each property");
        }
        return properties;
    }

    /** Without the cache of connections, which keeps archives open after the application that they belong to. */
    private static byte[] bytes(URL url) throws IOException {
        URLConnection connection = url.openConnection();
        connection.setUseCaches(false);
        try (InputStream in = connection.getInputStream()) {
            return in.readAllBytes();
        }
    }

    private static String decode(URL url, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(in, out, true);
        out.flip();
        if (result.isError()) {
            long line = 1 + out.chars().filter(character -> character == '\n').count();
            throw new LockUsageException(
                    url + " is not written in UTF-8: line " + line + " has the byte 0x"
                            + Integer.toHexString(bytes[in.position()] & 0xff),
                    "save it in UTF-8, or write such characters as \\uXXXX");
        }
        String text = out.toString();
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    /** Properties that notice when one is given again. */
    private static final class Once extends Properties {

        private static final long serialVersionUID = 1L;

        private final transient Set<String> twice = new TreeSet<>();

        @Override
        public synchronized @Nullable Object put(Object key, Object value) {
            Object before = super.put(key, value);
            if (before != null) {
                twice.add(String.valueOf(key));
            }
            return before;
        }
    }
}
