package io.lockweave.spi;

import io.lockweave.LockHolder;
import java.util.List;

/**
 * One lock as the store sees it.
 *
 * @param key the key as {@link io.lockweave.LockKey#toString()} gives it
 * @param holders who holds it
 * @param waiters how many claims are queued in the store, or -1 if it cannot tell
 */
public record StoredLock(String key, List<LockHolder> holders, int waiters) {

    /** Copies the list. */
    public StoredLock {
        holders = List.copyOf(holders);
    }
}
