package io.lockweave;

/** Hears every event of the {@link Locks} it is added to. */
@FunctionalInterface
public interface LockListener {

    /**
     * Something happened. Called on the thread it happened on, often the one that is about to run guarded code: be short
     * and do not block. What it throws is logged and never reaches the caller of the lock.
     */
    void onEvent(LockEvent event);
}
