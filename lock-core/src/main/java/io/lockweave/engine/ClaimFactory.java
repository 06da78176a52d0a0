package io.lockweave.engine;

import io.lockweave.LockKey;
import io.lockweave.spi.Claim;
import java.time.Duration;

/** How the requests of one engine become claims on the store, each with a token of its own. */
final class ClaimFactory {

    /** How many fences a grant brings, and so how often it can change hands here before the store is asked again. */
    private static final int STRIDE = 1_000;

    private final Namespace namespace;
    private final OwnerTokens tokens = new OwnerTokens();
    private final int fences;

    ClaimFactory(Namespace namespace, boolean handOver) {
        this.namespace = namespace;
        this.fences = handOver ? STRIDE : 1;
    }

    /** The claim of a request; the key is without the namespace. */
    Claim of(LockKey key, ResolvedOptions options, Owner owner) {
        return new Claim(
                namespace.full(key),
                options.mode(),
                options.permits(),
                options.fair(),
                tokens.next(),
                Duration.ofNanos(options.leaseNanos()),
                fences,
                options.waitNanos() > 0,
                owner.place());
    }

    /** The same claim with a new owner token, after the one before was given up. */
    Claim again(Claim claim) {
        return changed(claim, tokens.next(), claim.willWait()); // and no number of a try is used again
    }

    /** Whether a claim of this engine has that owner token. */
    boolean isMine(String token) {
        return tokens.isMine(token);
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
