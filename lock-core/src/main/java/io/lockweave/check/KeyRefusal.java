package io.lockweave.check;

import io.lockweave.LockUsageException;

/** Why a value is no key, in words that continue a sentence about it, and with what it is the key of. */
public final class KeyRefusal {

    static final String WITHOUT_TEXT = ", which has no toString of its own, so its text differs in every JVM";

    private KeyRefusal() {}

    /** Of arrays, maps and the like. */
    public static LockUsageException several(String simpleName) {
        return new LockUsageException(
                "is a " + simpleName,
                "lock several keys with acquireAll, one key for each element, or one key of several parts with"
                        + " LockKey.of(name, part, part)");
    }

    /** Of objects that {@link Object#toString} describes. */
    public static LockUsageException withoutText(String type) {
        return new LockUsageException(
                "is a " + type + WITHOUT_TEXT, "lock on something that identifies it, for example its id");
    }

    /** What is wrong with the value of a key. */
    public static LockUsageException ofKey(String name, LockUsageException why) {
        return new LockUsageException("The key value for \"" + name + "\" " + why.problem(), why.remedy(), why);
    }

    /** What is wrong with the value of an expression. */
    public static LockUsageException at(String place, LockUsageException why) {
        return new LockUsageException(place + " is not a usable value. " + why.problem(), why.remedy(), why);
    }

    /** Of bytes and characters. */
    public static LockUsageException elements(String place, String simpleName) {
        return new LockUsageException(
                place + " is a " + simpleName + ", which would be a lock for each of its elements",
                "lock on its text, as in T(java.util.HexFormat).of().formatHex(#digest) or new String(#name)");
    }

    /** Of conditions. */
    public static LockUsageException noCondition(String place) {
        return new LockUsageException(place + " is neither true nor false", "write a condition such as #user.vip");
    }
}
