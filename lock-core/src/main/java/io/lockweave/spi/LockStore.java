package io.lockweave.spi;

import io.lockweave.LockKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A backend with a store outside this JVM. Each method is one round trip wherever the store allows, and none of them
 * waits for a lock, sleeps, queues, counts re-entries or starts a thread for waiting: the engine does that once for all
 * backends.
 *
 * <p>All methods may be called from any thread. They fail with {@link io.lockweave.LockBackendException}, which leaves
 * the outcome unknown; because acquire, renew and release are idempotent per owner token, the engine repairs that by
 * asking again or by {@link #withdraw}. A call must end in bounded time even if the store does not answer. The
 * interrupt flag of the calling thread neither ends a call nor gets lost.
 *
 * <p>What the engine asks for one contended lock:
 *
 * <pre>{@code
 * store.tryAcquire(claim);                              // Busy: the engine waits, for a push or a time
 * store.tryAcquire(claim);                              // the same owner token again: Granted
 * store.renew(List.of(grant), lease);                   // again and again, until the holder ends
 * store.release(grant);                                 // lets the next waiter in
 * }</pre>
 *
 * <p>Keys come with their namespace filled in. All times are judged by the store's clock.
 */
public interface LockStore extends LockBackend {

    /**
     * How often the engine tries again for a waiting claim when the store has {@link Capability#PUSH}: the safety net
     * under lost hints. A store that queues claims may take a claim not tried for three times as long as dead, or three
     * times what its {@link Watch#quiet} allowed.
     */
    Duration POLL_WITH_PUSH = Duration.ofSeconds(1);

    /**
     * Takes the lock if it is free, in one atomic step of the store. A claim whose owner already holds the lock is
     * granted again with the same fence (its first answer was lost). A busy claim with {@link Claim#willWait} may be
     * queued in the store; one without is forgotten there, also if an earlier try had queued it.
     *
     * @throws io.lockweave.LockUsageException if the key is in use with another number of permits
     */
    Attempt tryAcquire(Claim claim);

    /**
     * Takes all of these locks if all of them are free, in one round trip and one atomic step of the store, or else
     * none. The claims are exclusive, of different keys in the order in which all JVMs sort them, with tokens of their
     * own, and alike in all else; none is queued. A claim whose owner already holds its lock is granted again with the
     * same fence, so that a call whose answer was lost may be repeated. The engine asks for this only with
     * {@link Capability#TOGETHER}.
     *
     * @return {@link JointAttempt.Apart} unless it says otherwise; the engine then asks for one after the other
     */
    default JointAttempt tryAcquireAll(List<Claim> claims) {
        return JointAttempt.Apart.APART;
    }

    /**
     * As {@link #tryAcquire(Claim)}, for a caller who has only so much time left to wait. A store whose connections
     * come from a pool waits no longer for one, give or take a round trip.
     */
    default Attempt tryAcquire(Claim claim, Duration left) {
        return tryAcquire(claim);
    }

    /** As {@link #tryAcquireAll(List)}, for a caller who has only so much time left to wait. */
    default JointAttempt tryAcquireAll(List<Claim> claims, Duration left) {
        return tryAcquireAll(claims);
    }

    /**
     * Prolongs each grant that its owner still holds to the given lease from now, in one round trip where the store
     * allows. Never re-creates a lock that is gone.
     *
     * @return for each grant, in order, whether it is still held
     */
    List<Renewal> renew(List<Grant> grants, Duration lease);

    /**
     * Frees the lock if the grant's owner still holds it, and wakes a waiter.
     *
     * @return whether it was held until now; false means it had been lost (or was released by an earlier call whose
     *     answer was lost)
     */
    boolean release(Grant grant);

    /**
     * As {@link #release}, for several grants, in one round trip where the store allows. After a failure it is not
     * known which of them were released. The engine asks for this only with {@link Capability#TOGETHER}.
     *
     * @return for each grant, in order, whether it was held until now
     */
    default List<Boolean> releaseAll(List<Grant> grants) {
        return grants.stream().map(this::release).toList();
    }

    /**
     * Ends a claim whatever became of it: leaves the store's wait queue, and frees the lock if it was granted. For
     * waiters that give up and for attempts whose outcome is unknown.
     */
    void withdraw(Claim claim);

    /**
     * How long after it was begun a {@link #tryAcquire} or {@link #tryAcquireAll} that failed may still take the lock:
     * its request may be under way for longer than anybody waits for the answer. The engine withdraws the claim once
     * more after that time. A store bounds it by having each request carry until when, by the store's clock, it may be
     * done.
     *
     * @return zero, unless it says otherwise: once the call has ended, its request does nothing more
     */
    default Duration settlingTime() {
        return Duration.ZERO;
    }

    /**
     * Begins to listen for the key of a claim that was busy. Hints only shorten sleeps: they may be missing, late or
     * too many. The engine tries once more after this returns, unless {@link Watch#missedNothing}.
     */
    Watch watch(Claim claim, Waker waker);

    /** Who holds this key in the store, if anybody. */
    Optional<StoredLock> find(LockKey key);

    /** Locks held in the store, at most so many, in no order. */
    List<StoredLock> list(int limit);

    /**
     * Frees a key whoever holds it; for operators. Its holder notices at its next renewal or release.
     *
     * @return whether it was held
     */
    boolean forceRelease(LockKey key);

    /**
     * Names the listener to tell when the store knows at once, without being asked, that a grant is gone: for example
     * when the connection that held it died. Called once, before the first claim.
     */
    default void onLost(LossListener listener) {}

    /** Hears of grants that are gone. */
    @FunctionalInterface
    interface LossListener {

        /**
         * The grant of this owner token is gone, and why as a half sentence. Any thread may call this; it does not
         * block.
         */
        void lost(String owner, String why);
    }
}
