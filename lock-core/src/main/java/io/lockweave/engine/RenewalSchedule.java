package io.lockweave.engine;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * When leases are renewed, and how much of one has to be left for what. All times are nanoseconds of the monotonic
 * clock. A lease that is renewed after a third has room for two further tries, spread over eight retries.
 */
final class RenewalSchedule {

    /** A grant pushed to this JVM is renewed after this time at the latest: the push may be old. */
    private static final long CONFIRM = TimeUnit.MILLISECONDS.toNanos(200);

    /** With this much left, a hold can count on the next renewal however long its lease is. */
    private static final long ENOUGH = TimeUnit.SECONDS.toNanos(1);

    private RenewalSchedule() {}

    /** When to renew a lease whose last request was sent at that time; not the same for all, to spread the load. */
    static long next(long sent, long lease) {
        long third = lease / 3;
        return sent + third - ThreadLocalRandom.current().nextLong(third / 8 + 1);
    }

    /** When to try again a renewal that has just failed. */
    static long retry(long now, long lease) {
        return now + Math.max(1, lease / 12);
    }

    /** What is due until then is renewed with what is due now, in one round trip. */
    static long together(long now, long lease) {
        return now + lease / 12;
    }

    /** When to renew a grant that the store has pushed, and of which only the push is known. */
    static long confirm(long now, long lease) {
        return now + Math.min(CONFIRM, lease / 10);
    }

    /** Whether a hold may begin with a lease just granted: an answer that took most of it is worth nothing. */
    static boolean isEnoughToBegin(long left, long lease) {
        return left > lease / 4;
    }

    /** Whether a hold may begin with what others have left of a lease. */
    static boolean isEnoughToPassOn(long left, long lease) {
        return left > Math.min(lease / 2, ENOUGH);
    }
}
