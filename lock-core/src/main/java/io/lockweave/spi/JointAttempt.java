package io.lockweave.spi;

import io.lockweave.LockKey;
import java.util.List;

/** A store's answer to several claims at once. */
public sealed interface JointAttempt {

    /**
     * All locks are taken.
     *
     * @param grants the receipts, in the order of the claims
     */
    record Granted(List<Grant> grants) implements JointAttempt {}

    /**
     * None is taken, because somebody else holds one of them.
     *
     * @param key the first one found busy
     * @param answer the answer that a claim of that key alone would have got
     */
    record Busy(LockKey key, Attempt.Busy answer) implements JointAttempt {}

    /** None is taken, because the store cannot decide on these claims in one step: they have to be asked one by one. */
    enum Apart implements JointAttempt {
        /** There is nothing more to say. */
        APART
    }
}
