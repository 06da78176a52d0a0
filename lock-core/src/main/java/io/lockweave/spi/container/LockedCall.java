package io.lockweave.spi.container;

import io.lockweave.HeldLock;
import io.lockweave.LockLostException;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locked;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of a locked method whose result comes later. Its keys were evaluated when the method was called. Safe for
 * use from any thread.
 */
public interface LockedCall {

    /** The method, for messages. */
    String method();

    /** What the method declares to return. */
    Class<?> returns();

    /** How long the method wants its locks to be held; a {@link ResultType} that knows no transactions need not ask. */
    Locked.Until until();

    /**
     * The same call, nested in another scope than that it was made in: it re-enters what this one and those around it
     * hold, and excludes what others hold.
     */
    LockedCall within(LockScope scope);

    /**
     * The same call as a part of this scope: its locks belong to the scope itself and not to this one call, so that
     * what comes after it there re-enters them while they are kept.
     */
    LockedCall as(LockScope scope);

    /**
     * Begins to take the locks and never blocks; each call is an acquisition of its own, in a scope of its own. The
     * future fails as {@link io.lockweave.Locks#acquireAllAsync} does; cancelling it ends the wait and leaves nothing
     * behind.
     */
    CompletableFuture<Hold> acquire();

    /**
     * The result instead of the method's, when the lock could not be had: what the fallback returns, or
     * {@link ResultType#nothing}.
     *
     * @throws Throwable the given exception if the method is to fail, or what the fallback throws
     */
    @Nullable
    Object unavailable(LockUnavailableException failure) throws Throwable;

    /** The locks, held. */
    interface Hold {

        /** The locks as one. They end by {@link #end()}, not by being closed. */
        HeldLock held();

        /** The scope that the locks belong to: what is nested in it re-enters them. */
        LockScope scope();

        /** Runs the method on the calling thread; locks taken in there re-enter this hold. Call it at most once. */
        @Nullable
        Object proceed() throws Throwable;

        /** Whether the method wants to be interrupted when the lock is lost. */
        boolean isInterruptedWhenLost();

        /** Runs the action when the lock is lost, if the method wants to be interrupted then. */
        void interruptWhenLost(Consumer<LockLostException> action);

        /**
         * For the moment before a commit. The release of what was committed under the lock is then awaited.
         *
         * @throws LockLostException if the locks are lost and the method wants to hear of it
         */
        void ensureHeld();

        /**
         * Gives the locks back without blocking the caller; further calls do nothing more.
         *
         * @return completes when they are given back; fails with {@link io.lockweave.LockLostException} if they were
         *     lost and the method wants to hear of it. A failure of the method itself always wins over that.
         */
        CompletableFuture<@Nullable Void> end();
    }
}
