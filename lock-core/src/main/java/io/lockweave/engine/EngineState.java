package io.lockweave.engine;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Whether the locks of one engine are in use, ending, or closed. */
final class EngineState {

    private volatile boolean closed;

    /** Whom the newest drain refuses; null while there is none. */
    private volatile @Nullable Predicate<Owner> refusal;

    boolean isClosed() {
        return closed;
    }

    /** Whether these locks have begun to end. */
    boolean isDraining() {
        return refusal != null;
    }

    /** Whether this owner gets no new locks: they are closed, or ending. */
    boolean refuses(Owner owner) {
        Predicate<Owner> known = refusal;
        return closed || (known != null && known.test(owner));
    }

    /** They begin to end, in the way of this drain instead of an earlier one's. */
    void drain(Predicate<Owner> refused) {
        refusal = refused;
    }

    /** Whether no other drain has begun since this one. */
    boolean isDrainedBy(Predicate<Owner> refused) {
        return refusal == refused;
    }

    void close() {
        closed = true;
    }
}
