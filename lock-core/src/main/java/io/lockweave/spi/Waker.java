package io.lockweave.spi;

import java.time.Duration;

/** What a watch calls back, from any thread. It never blocks the caller. */
public interface Waker {

    /** The lock may have come free: try again. */
    void wake();

    /**
     * The store granted the lock to the waiting claim in the step that freed it. If nobody waits any more the engine gives
     * the grant back. The engine counts the lease from its last request for this claim that was answered busy, because it cannot know
     * when after that the grant was made, and renews the grant soon. A store may therefore give a shorter first lease than the claim
     * asks for, so that a waiter that died in the queue costs little; it must be at least twice
     * {@link LockStore#POLL_WITH_PUSH}.
     *
     * @param grant the receipt
     * @param lease the lease that the store gave it
     */
    void granted(Grant grant, Duration lease);
}
