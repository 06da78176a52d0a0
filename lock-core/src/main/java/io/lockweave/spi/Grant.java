package io.lockweave.spi;

import io.lockweave.LockKey;

/**
 * A store's receipt for a granted claim.
 *
 * @param claim what was asked
 * @param fence the first fence granted
 * @param fences how many consecutive fences, beginning with that one, belong to this grant; at least 1
 */
public record Grant(Claim claim, long fence, int fences) {

    /** What is locked. */
    public LockKey key() {
        return claim.key();
    }

    /** The token it was granted to. */
    public String owner() {
        return claim.owner();
    }
}
