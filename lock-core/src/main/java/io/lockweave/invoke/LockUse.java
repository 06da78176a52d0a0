package io.lockweave.invoke;

import io.lockweave.LockUsageException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One lock that a method uses, as far as it is the same for all of its calls.
 *
 * @param method the method, for people
 * @param name the name of its keys
 * @param key the expression of the key's value; empty if the whole name is locked
 * @param permits how many may hold it; 1 unless it is a semaphore
 */
public record LockUse(String method, String name, String key, int permits) {

    /**
     * Makes sure that methods which lock the same say the same of it.
     *
     * @throws LockUsageException if two say different numbers of permits for one name and one expression, or for
     *     expressions that are no plain texts and so may give one key
     */
    public static void check(List<LockUse> all) {
        for (int i = 0; i < all.size(); i++) {
            for (LockUse other : all.subList(0, i)) {
                LockUsageException conflict = all.get(i).conflictWith(other);
                if (conflict != null) {
                    throw conflict;
                }
            }
        }
    }

    /** The error for both of them; null if they go together. */
    public @Nullable LockUsageException conflictWith(LockUse earlier) {
        if (!name.equals(earlier.name) || permits == earlier.permits || isAnotherKeyThan(earlier)) {
            return null;
        }
        return new LockUsageException(
                earlier.method + " has permits = " + earlier.permits + " and " + method + " has permits = " + permits
                        + " for the name \"" + name
                        + "\": a key with two numbers of permits is refused when both use it",
                "give both the same number, or different names");
    }

    private boolean isAnotherKeyThan(LockUse other) {
        return isText(key) && isText(other.key) && !key.equals(other.key);
    }

    private static boolean isText(String key) {
        return key.isEmpty() || key.matches("\\s*'[^']*'\\s*");
    }
}
