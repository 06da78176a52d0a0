package io.lockweave.invoke;

import io.lockweave.LockUsageException;
import java.util.List;

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
                LockUse one = all.get(i);
                if (one.name.equals(other.name) && one.permits != other.permits && !one.isAnotherKeyThan(other)) {
                    throw new LockUsageException(
                            other.method + " has permits = " + other.permits + " and " + one.method + " has permits = "
                                    + one.permits + " for the name \"" + one.name
                                    + "\": a key with two numbers of permits is refused when both use it",
                            "give both the same number, or different names");
                }
            }
        }
    }

    private boolean isAnotherKeyThan(LockUse other) {
        return isText(key) && isText(other.key) && !key.equals(other.key);
    }

    private static boolean isText(String key) {
        return key.isEmpty() || key.matches("\\s*'[^']*'\\s*");
    }
}
