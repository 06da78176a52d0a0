package io.lockweave.redis;

import io.lockweave.LockKey;
import java.util.List;

/**
 * The Redis keys of one lock. All derive from the key's fingerprint, so no text of a user gets into them, and carry the
 * same hash tag, so they share a slot. There are 256 tags, and as many fence counters.
 *
 * @param tag the hash tag
 * @param lock what exists while the lock is held
 */
record RedisKeys(String tag, String lock) {

    /** Matches the locks and none of the other keys. */
    static final String PATTERN = "lw:{??}:" + "?".repeat(64);

    static RedisKeys of(LockKey key) {
        String fingerprint = key.fingerprint();
        String tag = fingerprint.substring(0, 2);
        return new RedisKeys(tag, "lw:{" + tag + "}:" + fingerprint);
    }

    /** Back from the name of a lock found by {@link #PATTERN}. */
    static RedisKeys ofLock(String lock) {
        return new RedisKeys(lock.substring(4, 6), lock);
    }

    String queue() {
        return lock + ":w";
    }

    /** What is known of several holders. */
    String details() {
        return lock + ":h";
    }

    /** The fence counter. */
    String counter() {
        return "lw:{" + tag + "}:fence";
    }

    /** Those of an exclusive lock, in the order that the scripts expect. */
    List<String> exclusive() {
        return List.of(lock, counter(), queue());
    }

    /** All of them, in the order that the scripts expect. */
    List<String> all() {
        return List.of(lock, counter(), queue(), details());
    }
}
