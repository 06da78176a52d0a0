package io.lockweave.invoke;

import io.lockweave.engine.CallFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A future whose cancellation cancels what it follows at that moment. That comes first: whoever hears of the end of
 * this future gives the lock back, and the work it followed must have been told to stop by then.
 */
final class LinkedFuture<T> extends CallFuture<T> {

    private final AtomicReference<@Nullable Future<?>> followed = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> reason = new AtomicReference<>();
    private volatile boolean cut;

    /** Follows this from now on; cancels it at once if this future was cancelled or cut. */
    void follow(CompletionStage<?> stage) {
        if (stage instanceof CallFuture<?> call) {
            isOfSameCall(call);
        }
        if (stage instanceof Future<?> future) {
            followed.set(future);
            if (cut) {
                future.cancel(true);
            }
        }
    }

    /** Cancels what it follows and fails this future. */
    void cut(Throwable why) {
        if (isDone()) {
            return;
        }
        reason.compareAndSet(null, why);
        try {
            cancelFollowed();
        } finally {
            completeExceptionally(why);
        }
    }

    /** What it follows fails with its cancellation when this one is cut, which is not why. */
    @Override
    public boolean completeExceptionally(Throwable failure) {
        Throwable why = reason.get();
        return super.completeExceptionally(why == null ? failure : why);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        try {
            if (!isDone()) {
                cancelFollowed();
            }
        } finally {
            super.cancel(mayInterruptIfRunning);
        }
        return isCancelled();
    }

    private void cancelFollowed() {
        cut = true;
        Future<?> future = followed.get();
        if (future != null) {
            future.cancel(true);
        }
    }
}
