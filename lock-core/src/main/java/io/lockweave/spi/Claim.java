package io.lockweave.spi;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import java.time.Duration;

/**
 * One acquisition's ask of a store.
 *
 * @param key what to lock, namespace included
 * @param mode exclusive, shared or permit
 * @param permits how many holders the key has in mode permit; 1 in the other modes
 * @param fair whether to be served in the order of arrival
 * @param owner the random token of this acquisition: 32 hex digits, chosen before the store is called
 * @param lease how long the store keeps the grant without renewal
 * @param fences how many consecutive fences are wanted; the store may grant fewer, but at least one
 * @param willWait whether the caller is going to wait if the lock is busy, so that the store may queue it
 * @param place where the caller runs, for people who look into the store
 * @param tryNumber which try of the claim this is: each one that is sent has a larger number than those before it. A
 *     store that pushes grants keeps it with a claim that it queues, and gives it back in {@link Waker#granted}
 */
public record Claim(
        LockKey key,
        LockMode mode,
        int permits,
        boolean fair,
        String owner,
        Duration lease,
        int fences,
        boolean willWait,
        LockPlace place,
        int tryNumber) {

    /** A claim that was not sent yet. */
    public Claim(
            LockKey key,
            LockMode mode,
            int permits,
            boolean fair,
            String owner,
            Duration lease,
            int fences,
            boolean willWait,
            LockPlace place) {
        this(key, mode, permits, fair, owner, lease, fences, willWait, place, 0);
    }

    /** The same claim as the try of this number. */
    public Claim inTry(int number) {
        return new Claim(key, mode, permits, fair, owner, lease, fences, willWait, place, number);
    }
}
