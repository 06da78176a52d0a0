package io.lockweave;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is locked: namespace + name + value. Keys are opaque and case-sensitive; no part of a key is ever interpreted,
 * so {@code ("a:b", "c")} and {@code ("a", "b:c")} are two keys. Immutable and safe for use from any thread.
 *
 * <pre>{@code
 * LockKey.of("report")                                  // one lock
 * LockKey.of("user", 42)                                // one for each user
 * LockKey.of("seat", show, row, number)                 // a composite key
 * LockKey.of("user", 42).in("billing")                  // instead of the configured namespace
 * }</pre>
 *
 * <p>The order of {@link #compareTo} is total and the same in every JVM: several keys are always taken in it.
 */
@CheckReturnValue
public final class LockKey implements Comparable<LockKey> {

    private static final Comparator<LockKey> ORDER = Comparator.comparing(LockKey::namespace)
            .thenComparing(LockKey::name)
            .thenComparing(LockKey::value);

    private final String namespace;
    private final String name;
    private final String value;
    private final int hash;

    /** Made when first asked for; a race makes it twice, which does no harm. */
    private @Nullable String fingerprint;

    private LockKey(String namespace, String name, String value) {
        this.namespace = namespace;
        this.name = name;
        this.value = value;
        this.hash = (namespace.hashCode() * 31 + name.hashCode()) * 31 + value.hashCode();
    }

    /**
     * The lock of a whole name, as {@code @Locked(name = "report")} without a key takes it.
     *
     * @throws LockUsageException if the name is blank
     */
    public static LockKey of(String name) {
        return new LockKey("", checkedName(name), "");
    }

    /**
     * The lock of one thing, for example {@code LockKey.of("user", 42)}. The value counts by its canonical text, which
     * is the same in every JVM: {@code 42}, {@code 42L}, {@code 42.0} and {@code "42"} are the same key, as are a
     * {@link java.util.Date} and its {@link java.time.Instant}. A record counts by its components, other classes by a
     * {@code toString} of their own. The same rules hold for {@link Locked#key}.
     *
     * @throws LockUsageException if the name is blank; if the value is null, an empty Optional or blank; if its text
     *     would differ between JVMs, as what {@link Object#toString} writes; or if it is an array, a collection or a
     *     map
     */
    public static LockKey of(String name, Object value) {
        return new LockKey("", checkedName(name), KeyText.of(name, value));
    }

    /**
     * The lock of what several parts identify together, for example {@code LockKey.of("order", tenant, id)}: a
     * composite key, as {@code #composite(#tenant, #id)} makes it in expressions. Different parts are different keys,
     * also where their texts run together alike. Each part counts as {@link #of(String, Object)} says.
     *
     * @throws LockUsageException as there, for the name and each part
     */
    public static LockKey of(String name, Object first, Object second, Object... more) {
        List<Object> parts = new ArrayList<>(more.length + 2);
        parts.add(first);
        parts.add(second);
        parts.addAll(Arrays.asList(more));
        return new LockKey("", checkedName(name), KeyText.ofAll(name, parts));
    }

    /**
     * The same key in another namespace. Keys without a namespace get the one configured for the {@link Locks} used:
     * there, both are the same lock.
     */
    public LockKey in(String namespace) {
        Objects.requireNonNull(namespace, "namespace");
        return namespace.equals(this.namespace) ? this : new LockKey(namespace, name, value);
    }

    /** The namespace, or an empty text if it is the configured one. */
    public String namespace() {
        return namespace;
    }

    /** What kind of thing is locked, for example {@code user}. Never blank. */
    public String name() {
        return name;
    }

    /** Which one of them, for example {@code 42}; empty for the lock of the whole name. */
    public String value() {
        return value;
    }

    /**
     * SHA-256 over namespace, name and value as 64 lower-case hex digits: a fixed-length ASCII stand-in for stores
     * whose own key columns fold case, trim blanks or refuse some characters. Each part enters as its length and its
     * UTF-16 code units, so no two keys can run together and unpaired surrogates stay distinct. The format is stable
     * across versions.
     */
    public String fingerprint() {
        String known = fingerprint;
        if (known == null) {
            known = newFingerprint();
            fingerprint = known;
        }
        return known;
    }

    private String newFingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : new String[] {namespace, name, value}) {
                digest.update((part.length() + ":").getBytes(StandardCharsets.US_ASCII));
                digest.update(codeUnits(part));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] codeUnits(String part) {
        byte[] bytes = new byte[part.length() * 2];
        for (int i = 0; i < part.length(); i++) {
            bytes[2 * i] = (byte) (part.charAt(i) >>> 8);
            bytes[2 * i + 1] = (byte) part.charAt(i);
        }
        return bytes;
    }

    private static String checkedName(String name) {
        if (name == null || name.isBlank()) {
            throw new LockUsageException(
                    "The name of a lock key is " + (name == null ? "null" : "blank"),
                    "give every key a name that says what it locks, for example LockKey.of(\"user\", 42)");
        }
        return name;
    }

    @Override
    public int compareTo(LockKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof LockKey key
                && hash == key.hash
                && value.equals(key.value)
                && name.equals(key.name)
                && namespace.equals(key.namespace);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The key for people: {@code name[value]}, with control characters escaped and long values cut. */
    @Override
    public String toString() {
        String text = value.isEmpty() ? name : name + "[" + value + "]";
        return KeyText.printable(namespace.isEmpty() ? text : namespace + "/" + text);
    }
}
