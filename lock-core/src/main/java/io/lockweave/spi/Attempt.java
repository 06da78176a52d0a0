package io.lockweave.spi;

import io.lockweave.LockHolder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A store's answer to a claim. */
public sealed interface Attempt {

    /**
     * The lock is taken.
     *
     * @param grant the receipt
     */
    record Granted(Grant grant) implements Attempt {}

    /**
     * Somebody else holds the lock.
     *
     * @param retryAfter after what time to ask again at the latest: when the lock comes free if its holder is dead (its
     *     lease end), or sooner for a claim that is next; null if not known
     * @param holder who holds it, or null if not known
     */
    record Busy(@Nullable Duration retryAfter, @Nullable LockHolder holder) implements Attempt {}
}
