package io.lockweave.config;

import io.lockweave.LockUsageException;
import java.util.regex.Pattern;

/** What all properties of Lockweave begin with. A slip in it would make a property vanish without a word. */
public final class PropertyPrefix {

    /** The prefix. */
    public static final String TEXT = "lockweave.";

    private static final String WORD = "lockweave";
    private static final int SLIPS = 2;
    private static final Pattern SEPARATOR = Pattern.compile("[^\\p{L}\\p{N}]");

    private PropertyPrefix() {}

    /**
     * Fails if a name looks like a property of Lockweave with a misspelled prefix.
     *
     * @param where where it stands, for the error
     * @throws LockUsageException naming it
     */
    public static void refuseMisspelled(String name, String where) {
        if (!name.startsWith(TEXT) && isNear(name)) {
            throw new LockUsageException(
                    "Property " + name + " (" + where + ") looks like one of Lockweave, and all of those begin with \""
                            + TEXT + "\"",
                    "correct its prefix, or choose a name that is less like it");
        }
    }

    /** {@code lockwave.backend}, {@code Lock-Weave.backend}, {@code lockweave_backend}. */
    private static boolean isNear(String name) {
        int dot = name.indexOf('.');
        String first = dot < 0 ? SEPARATOR.split(name, 2)[0] : name.substring(0, dot);
        return (dot > 0 || first.length() < name.length()) && Words.distance(first, WORD) <= SLIPS;
    }
}
