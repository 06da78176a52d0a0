package io.lockweave.invoke;

import io.lockweave.LockResultException;
import io.lockweave.LockUnavailableException;
import io.lockweave.engine.CallFuture;
import io.lockweave.engine.CallThreads;
import io.lockweave.spi.container.LockedCall;
import io.lockweave.spi.container.ResultType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Methods that return {@link CompletionStage} or {@link CompletableFuture}. If the lock is free the method runs on the
 * caller's thread, else later on a thread of the engine for such calls: a common pool full of waiters would not get to
 * it. The future for the caller completes after the lock is given back; cancelling
 * it ends the wait, or cancels the method's own future and with it the hold.
 */
final class FutureResult implements ResultType {

    @Override
    public boolean supports(Class<?> declared) {
        return declared == CompletionStage.class || declared == CompletableFuture.class;
    }

    @Override
    public @Nullable Object nothing(Type declared) {
        Type value = declared instanceof ParameterizedType typed ? typed.getActualTypeArguments()[0] : declared;
        Type raw = value instanceof ParameterizedType typed ? typed.getRawType() : value;
        return CompletableFuture.completedFuture(raw instanceof Class<?> type ? MethodResult.nothing(type) : null);
    }

    @Override
    public Object adapt(LockedCall call) {
        LinkedFuture<Object> result = new LinkedFuture<>();
        CompletableFuture<LockedCall.Hold> acquiring = call.acquire();
        result.follow(acquiring);
        if (acquiring.isDone()) {
            acquiring.whenComplete((hold, failure) -> acquired(call, result, hold, failure));
        } else {
            acquiring.whenCompleteAsync((hold, failure) -> acquired(call, result, hold, failure), CallThreads::goOn);
        }
        return result;
    }

    private static void acquired(
            LockedCall call, LinkedFuture<Object> result, LockedCall.@Nullable Hold hold, @Nullable Throwable failure) {
        if (hold == null) {
            pass(() -> instead(call, failure), result);
            return;
        }
        LinkedFuture<Object> own = new LinkedFuture<>();
        CompletableFuture<@Nullable Void> returned = new CompletableFuture<>();
        own.whenComplete(
                (value, failed) -> returned.whenComplete((nothing, never) -> end(hold, value, failed, result)));
        result.follow(own);
        if (!result.isDone()) {
            hold.interruptWhenLost(own::cut);
            pass(() -> stage(call, hold.proceed()), own);
        } else {
            own.cancel(true);
        }
        returned.complete(null); // whatever came before: no lock ends under a method that still runs
    }

    private static CompletionStage<?> instead(LockedCall call, @Nullable Throwable failure) throws Throwable {
        if (CallFuture.cause(failure) instanceof LockUnavailableException unavailable) {
            return stage(call, call.unavailable(unavailable));
        }
        throw CallFuture.cause(failure);
    }

    private static CompletionStage<?> stage(LockedCall call, @Nullable Object returned) {
        if (returned instanceof CompletionStage<?> stage) {
            return stage;
        }
        throw new LockResultException(
                call.method() + " returned null instead of a CompletionStage", "return a completed future instead");
    }

    /** Lets the result follow the stage, or fail with whatever kept the stage from being there, unchanged. */
    private static void pass(Source source, LinkedFuture<Object> result) {
        CompletionStage<?> stage;
        try {
            stage = source.get();
        } catch (Throwable e) {
            result.completeExceptionally(e);
            return;
        }
        try {
            result.follow(stage);
            stage.whenComplete((value, failure) -> complete(result, value, failure));
        } catch (Throwable e) { // a stage of the user's own making: nobody would end the lock
            result.completeExceptionally(e);
        }
    }

    private static void end(
            LockedCall.Hold hold, @Nullable Object value, @Nullable Throwable failure, LinkedFuture<Object> result) {
        hold.end().whenComplete((nothing, lost) -> {
            if (failure != null && lost != null && CallFuture.cause(lost) != failure) {
                failure.addSuppressed(CallFuture.cause(lost));
            }
            complete(result, value, failure != null ? failure : lost == null ? null : CallFuture.cause(lost));
        });
    }

    private static void complete(LinkedFuture<Object> result, @Nullable Object value, @Nullable Throwable failure) {
        if (failure == null) {
            result.complete(value);
        } else {
            result.completeExceptionally(failure);
        }
    }

    /** Where a stage comes from. */
    private interface Source {
        CompletionStage<?> get() throws Throwable;
    }
}
