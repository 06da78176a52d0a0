package io.lockweave.engine;

import io.lockweave.LockKey;
import io.lockweave.spi.Claim;
import java.time.Duration;

/** How requests become claims on the store, each with a token of its own. */
final class Claims {

    /** How many fences a grant brings, and so how often it can change hands here before the store is asked again. */
    private static final int STRIDE = 1_000;

    private Claims() {}

    /** The claim of a request; the key has its namespace. */
    static Claim of(LockKey key, Ask ask, Owner owner, String token, boolean handOver) {
        return new Claim(
                key,
                ask.mode(),
                ask.permits(),
                ask.fair(),
                token,
                Duration.ofNanos(ask.leaseNanos()),
                handOver ? STRIDE : 1,
                ask.waitNanos() > 0,
                owner.place());
    }

    /** The same claim with a new owner token, after the one before was given up. */
    static Claim again(Claim claim, String token) {
        return changed(claim, token, claim.willWait()); // and no number of a try is used again
    }

    /** The same claim for a try that is not waited after. */
    static Claim lastTry(Claim claim) {
        return changed(claim, claim.owner(), false);
    }

    private static Claim changed(Claim claim, String owner, boolean willWait) {
        return new Claim(
                claim.key(),
                claim.mode(),
                claim.permits(),
                claim.fair(),
                owner,
                claim.lease(),
                claim.fences(),
                willWait,
                claim.place(),
                claim.tryNumber());
    }
}
