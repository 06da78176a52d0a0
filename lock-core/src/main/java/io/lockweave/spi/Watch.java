package io.lockweave.spi;

import java.time.Duration;

/** A running watch. */
@FunctionalInterface
public interface Watch extends AutoCloseable {

    /** A watch that never calls: the engine then polls. */
    Watch NONE = () -> {};

    /**
     * Whether nothing that happened since the claim was last tried can have been missed, because the store was being
     * listened to before that. If not, the engine tries once more at once.
     */
    default boolean missedNothing() {
        return false;
    }

    /**
     * For how long after its last try the claim need not be tried again, because whatever concerns it is told: what
     * this listens on is known to work. The engine asks about once a second, from a thread that may call the store.
     *
     * @return {@link LockStore#POLL_WITH_PUSH}, unless it says otherwise
     */
    default Duration quiet() {
        return LockStore.POLL_WITH_PUSH;
    }

    /** Ends it. A call already under way may still arrive. */
    @Override
    void close();
}
