package io.lockweave.spi.container;

import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locked;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A call seen as one whose result is of another type.
 *
 * @param call the call itself
 * @param returns the other type
 * @param holds how its holds are seen, such as by {@link AdaptedHold}
 * @param results what comes instead of the result when the lock could not be had, as the other type
 */
public record AdaptedCall(
        LockedCall call,
        Class<?> returns,
        UnaryOperator<LockedCall.Hold> holds,
        UnaryOperator<@Nullable Object> results)
        implements LockedCall {

    @Override
    public String method() {
        return call.method();
    }

    @Override
    public Locked.Until until() {
        return call.until();
    }

    @Override
    public LockedCall within(LockScope scope) {
        return new AdaptedCall(call.within(scope), returns, holds, results);
    }

    @Override
    public LockedCall as(LockScope scope) {
        return new AdaptedCall(call.as(scope), returns, holds, results);
    }

    @Override
    public CompletableFuture<Hold> acquire() {
        return new Acquiring(call.acquire(), holds);
    }

    @Override
    public @Nullable Object unavailable(LockUnavailableException failure) throws Throwable {
        return results.apply(call.unavailable(failure));
    }

    /** Completes with the hold as it is seen; cancelling it cancels the source. */
    private static final class Acquiring extends CompletableFuture<Hold> {

        private final CompletableFuture<Hold> source;

        Acquiring(CompletableFuture<Hold> source, UnaryOperator<Hold> view) {
            this.source = source;
            source.whenComplete((hold, failure) -> {
                if (failure != null) {
                    completeExceptionally(failure);
                } else {
                    complete(view.apply(hold));
                }
            });
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            source.cancel(mayInterruptIfRunning);
            return isCancelled() || super.isCompletedExceptionally();
        }
    }
}
