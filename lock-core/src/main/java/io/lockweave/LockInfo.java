package io.lockweave;

import java.util.List;

/**
 * One lock as {@link Locks#inspect()} sees it: a moment's picture, out of date as soon as it is read.
 *
 * @param key the key, as text for people
 * @param backend the name of the backend that holds it
 * @param holders who holds it, here and elsewhere
 * @param waiters who waits for it in this JVM
 * @param waitersElsewhere how many other JVMs wait for it in the store, or -1 if the store cannot tell
 */
public record LockInfo(
        String key, String backend, List<LockHolder> holders, List<LockWaiter> waiters, int waitersElsewhere) {

    /** Copies the lists. */
    public LockInfo {
        holders = List.copyOf(holders);
        waiters = List.copyOf(waiters);
    }
}
