package io.lockweave.engine;

import io.lockweave.LockException;
import io.lockweave.LockHolder;
import org.jspecify.annotations.Nullable;

/** How far a request has come on its way to a grant of the store. */
sealed interface Progress {

    /** What needs no further word. */
    enum Known implements Progress {
        /** It has what it wants. */
        THROUGH,
        /** It cannot go on without asking the store, on a thread that must not wait for the answer. */
        NEEDS_STORE
    }

    /**
     * Not through yet.
     *
     * @param until when to look again at the latest, unless woken before
     * @param holder who holds the lock, as far as the store said
     * @param asked how often the store was asked
     */
    record Waiting(long until, @Nullable LockHolder holder, int asked) implements Progress {}

    /**
     * It ended without a grant.
     *
     * @param failure what the store failed with; null if the lock was busy until the deadline
     * @param holder who holds the lock, as far as the store said
     * @param asked how often the store was asked
     */
    record Refused(
            @Nullable LockException failure, @Nullable LockHolder holder, int asked) implements Progress {}
}
