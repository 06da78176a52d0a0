package io.lockweave.spi;

import java.time.Duration;

/** What a watch calls back, from any thread. It never blocks the caller. */
public interface Waker {

    /** The lock may have come free: try again. */
    void wake();

    /**
     * As {@link #wake}, at some time within this one: for many who are woken for the same reason, so that they do not
     * all ask at once. Wakes at once unless overridden.
     */
    default void wakeWithin(Duration time) {
        wake();
    }

    /**
     * The store granted the lock to the waiting claim in the step that freed it. If nobody waits any more the engine
     * gives the grant back.
     *
     * <p>Messages come late: a process may stand still, and hear of a grant after its lease is over and somebody else
     * has the lock. So a grant names the try that it answers, the newest that the store had seen when it made the grant
     * ({@link Claim#tryNumber}). The engine enters only if no later try was answered since, and counts the lease from
     * when that try was sent, which is before the grant was made. It renews the grant soon. A store may therefore give
     * a shorter first lease than the claim asks for, so that a waiter that died in the queue costs little; it must be
     * at least twice {@link LockStore#POLL_WITH_PUSH}. A store that does not know the try calls {@link #wake} instead.
     *
     * @param grant the receipt, whose claim has the number of the try that is answered
     * @param lease the lease that the store gave it
     */
    void granted(Grant grant, Duration lease);
}
