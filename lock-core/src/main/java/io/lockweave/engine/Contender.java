package io.lockweave.engine;

import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockWaiter;
import org.jspecify.annotations.Nullable;

/** Somebody of this JVM who waits for the store. */
interface Contender {

    /** What it waits for. */
    LockKey key();

    /** Who holds the lock, as far as the store said to this claim while it waited. */
    @Nullable
    LockHolder holder();

    /** Who it is, and how it waits. */
    LockWaiter describe(long now);

    /** Has it look again. */
    void wake();
}
