package io.lockweave.spi;

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

    /** Ends it. A call already under way may still arrive. */
    @Override
    void close();
}
