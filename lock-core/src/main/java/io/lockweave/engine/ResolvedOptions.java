package io.lockweave.engine;

import io.lockweave.LockMode;

/**
 * The options of a claim with everything filled in, in nanoseconds.
 *
 * @param mode the mode
 * @param permits the number of permits, 1 unless the mode is permit
 * @param fair first come, first served, in the store as well
 * @param inTurn first come, first served, in this JVM
 * @param waitNanos the wait budget; {@link Long#MAX_VALUE} has no end
 * @param leaseNanos the lease
 * @param renew whether the lease is renewed
 * @param holdAtLeastNanos the least time the lock stays taken
 * @param sendsRelease whether its release is sent without being awaited
 */
record ResolvedOptions(
        LockMode mode,
        int permits,
        boolean fair,
        boolean inTurn,
        long waitNanos,
        long leaseNanos,
        boolean renew,
        long holdAtLeastNanos,
        boolean sendsRelease) {

    /** How much room its key's gate has. */
    int limit() {
        return mode == LockMode.PERMIT ? permits : Room.ALL;
    }

    /** How much of that room it takes. */
    int units() {
        return mode == LockMode.EXCLUSIVE ? Room.ALL : 1;
    }

    /** When the budget of a claim made now is used up. */
    long deadline(long now) {
        return waitNanos >= Long.MAX_VALUE / 2 ? now + Long.MAX_VALUE / 2 : now + waitNanos;
    }

    /** The same with another wait budget. */
    ResolvedOptions waiting(long nanos) {
        return new ResolvedOptions(
                mode, permits, fair, inTurn, nanos, leaseNanos, renew, holdAtLeastNanos, sendsRelease);
    }

    /** The same, never passing those who came before it in this JVM. */
    ResolvedOptions inItsTurn() {
        return new ResolvedOptions(
                mode, permits, fair, true, waitNanos, leaseNanos, renew, holdAtLeastNanos, sendsRelease);
    }
}
