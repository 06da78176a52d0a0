package io.lockweave.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The result of a call that takes locks, and what is made of it by {@code thenApply} and the like. A thread that waits
 * for it in {@code join} or {@code get} takes part in the search for deadlocks.
 *
 * @param <T> the result
 */
public abstract class CallFuture<T> extends CompletableFuture<T> {

    private final AtomicReference<@Nullable Owner> call;

    /** Of a call that is not known yet. */
    protected CallFuture() {
        this(new AtomicReference<>());
    }

    /** The result of a call of this owner. */
    static <T> CallFuture<T> of(Owner call) {
        return new Plain<>(new AtomicReference<>(call));
    }

    private CallFuture(AtomicReference<@Nullable Owner> call) {
        this.call = call;
    }

    /** What a future failed with, without what futures put around it when they pass it on. */
    public static Throwable cause(@Nullable Throwable failure) {
        if (failure instanceof CompletionException && failure.getCause() != null) {
            return failure.getCause();
        }
        return failure == null ? new IllegalStateException("neither a value nor a failure") : failure;
    }

    /** It is the result of the same call as that one, if it is not known of which yet. */
    protected final void isOfSameCall(CallFuture<?> other) {
        call.compareAndSet(null, other.call.get());
    }

    /**
     * Waits for the result.
     *
     * @throws io.lockweave.LockDeadlockException if the call waits for a lock that only the calling thread can give
     *     back
     */
    @Override
    public T join() {
        DeadlockDetector.Join join = isDone() ? DeadlockDetector.Join.NONE : DeadlockDetector.join(call.get());
        try {
            return super.join();
        } finally {
            join.end();
        }
    }

    /** As {@link #join}. */
    @Override
    public T get() throws InterruptedException, ExecutionException {
        DeadlockDetector.Join join = isDone() ? DeadlockDetector.Join.NONE : DeadlockDetector.join(call.get());
        try {
            return super.get();
        } finally {
            join.end();
        }
    }

    /** As {@link #join}. */
    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        DeadlockDetector.Join join =
                isDone() || timeout <= 0 ? DeadlockDetector.Join.NONE : DeadlockDetector.join(call.get());
        try {
            return super.get(timeout, unit);
        } finally {
            join.end();
        }
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Plain<>(call);
    }

    private static final class Plain<T> extends CallFuture<T> {

        Plain(AtomicReference<@Nullable Owner> call) {
            super(call);
        }
    }
}
