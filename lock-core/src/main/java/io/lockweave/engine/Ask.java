package io.lockweave.engine;

import io.lockweave.LockMode;

/**
 * The options of a claim with everything filled in, in nanoseconds.
 *
 * @param mode the mode
 * @param permits the number of permits, 1 unless the mode is permit
 * @param fair first come, first served
 * @param waitNanos the wait budget; {@link Long#MAX_VALUE} has no end
 * @param leaseNanos the lease
 * @param renew whether the lease is renewed
 * @param holdAtLeastNanos the least time the lock stays taken
 */
record Ask(
        LockMode mode,
        int permits,
        boolean fair,
        long waitNanos,
        long leaseNanos,
        boolean renew,
        long holdAtLeastNanos) {

    /** How much room its key's gate has. */
    int limit() {
        return mode == LockMode.PERMIT ? permits : Gate.ALL;
    }

    /** How much of that room it takes. */
    int units() {
        return mode == LockMode.EXCLUSIVE ? Gate.ALL : 1;
    }

    /** When the budget of a claim made now is used up. */
    long deadline(long now) {
        return waitNanos >= Long.MAX_VALUE / 2 ? now + Long.MAX_VALUE / 2 : now + waitNanos;
    }

    Ask withoutWaiting() {
        return new Ask(mode, permits, fair, 0, leaseNanos, renew, holdAtLeastNanos);
    }
}
