package io.lockweave;

/** How much room a claim asks for on its key. */
public enum LockMode {

    /** One holder and nobody beside it. */
    EXCLUSIVE,

    /** Any number of shared holders, and no exclusive one beside them. */
    SHARED,

    /**
     * A semaphore: at most {@link LockOptions#permits()} holders. Chosen by setting permits to more than 1; all claims
     * on one key must name the same number.
     */
    PERMIT
}
