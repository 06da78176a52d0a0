package io.lockweave;

import java.util.List;

/**
 * One lock as {@link Locks#inspect()} sees it: a moment's picture, out of date as soon as it is read. The holders are
 * those of one moment, as far as the store knows, with the threads of this JVM as the engine knows them. Of a holder in
 * another JVM the place and fence are those with which the JVM took the lock: it may have handed the lock on to another
 * of its threads since.
 *
 * @param key the key, as text for people
 * @param backend the name of the backend that holds it
 * @param holders who holds it, here and elsewhere
 * @param waiters who waits for it in this JVM: first those who ask the store, then the others in their order
 * @param waitersElsewhere how many other JVMs wait for it in the store, or -1 if the store cannot tell
 * @param inTransit whether the lock was on its way at that moment: from one holder to the next, or back to the store.
 *     The holders then may name the one before, or nobody. It stays so for a lock that the store has given to somebody
 *     else, until its holder here notices
 */
public record LockInfo(
        String key,
        String backend,
        List<LockHolder> holders,
        List<LockWaiter> waiters,
        int waitersElsewhere,
        boolean inTransit) {

    /** Copies the lists. */
    public LockInfo {
        holders = List.copyOf(holders);
        waiters = List.copyOf(waiters);
    }
}
