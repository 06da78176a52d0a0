package io.lockweave;

/** Hears every event of the {@link Locks} it is added to. */
@FunctionalInterface
public interface LockListener {

    /**
     * Something happened. Called on the thread it happened on, often the one that is about to run guarded code, or on
     * one for call-backs: be short and do not block. It holds up no renewal and no release. What it throws is logged
     * and never reaches the caller of the lock.
     */
    void onEvent(LockEvent event);
}
