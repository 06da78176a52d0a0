package io.lockweave.invoke;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A future whose cancellation cancels what it follows at that moment. */
final class LinkedFuture<T> extends CompletableFuture<T> {

    private final AtomicReference<@Nullable Future<?>> followed = new AtomicReference<>();
    private volatile boolean cut;

    /** Follows this from now on; cancels it at once if this future was cancelled or cut. */
    void follow(CompletionStage<?> stage) {
        if (stage instanceof Future<?> future) {
            followed.set(future);
            if (cut) {
                future.cancel(true);
            }
        }
    }

    /** Fails this future and cancels what it follows. */
    void cut(Throwable why) {
        if (completeExceptionally(why)) {
            cancelFollowed();
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            cancelFollowed();
        }
        return cancelled;
    }

    private void cancelFollowed() {
        cut = true;
        Future<?> future = followed.get();
        if (future != null) {
            future.cancel(true);
        }
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
