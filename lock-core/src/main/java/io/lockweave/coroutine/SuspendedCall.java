package io.lockweave.coroutine;

import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.engine.CallFuture;
import io.lockweave.spi.container.LockedCall;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import kotlin.ResultKt;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.SafeContinuation;
import kotlin.coroutines.intrinsics.IntrinsicsKt;
import org.jspecify.annotations.Nullable;

/**
 * A call of a suspending function under its locks, and the continuation that the function gets instead of its caller's.
 * The call suspends while it waits; no thread does. The lock ends when the function has completed, however it does, and
 * then the caller goes on. A cancelled coroutine stops waiting; under the lock its function runs to its own end first,
 * since what it does until then must exclude others.
 */
public final class SuspendedCall implements Continuation<@Nullable Object> {

    private final CoroutineContext around;
    private final SafeContinuation<@Nullable Object> caller;

    private volatile CoroutineContext inside;
    private volatile LockedCall.@Nullable Hold hold;
    private volatile @Nullable CallJob job;

    private SuspendedCall(Continuation<@Nullable Object> caller) {
        this.around = caller.getContext();
        this.inside = around;
        this.caller = new SafeContinuation<>(IntrinsicsKt.intercepted(caller));
    }

    /**
     * Calls a suspending function.
     *
     * @param args its arguments; the last is the caller's continuation
     * @param calls the call with other arguments, of which the last is the function's continuation
     * @return what the function returns, or that it is suspended
     * @throws Throwable what it throws, and what {@link LockedCall#acquire} fails with
     */
    @SuppressWarnings("unchecked")
    public static @Nullable Object run(@Nullable Object[] args, Function<@Nullable Object[], LockedCall> calls)
            throws Throwable {
        int last = args.length - 1;
        SuspendedCall own = new SuspendedCall((Continuation<@Nullable Object>) args[last]);
        @Nullable Object[] inner = args.clone();
        inner[last] = own;
        own.begin(calls.apply(inner));
        return own.caller.getOrThrow();
    }

    private void begin(LockedCall made) {
        LockScope scope = LockScopeElement.in(around);
        LockedCall call = scope == null ? made : made.within(scope);
        CompletableFuture<LockedCall.Hold> acquiring = call.acquire();
        if (acquiring.isDone()) {
            acquiring.whenComplete((held, failure) -> acquired(call, held, failure));
            return;
        }
        Runnable acquired = Coroutines.hasKotlinx() ? CallJob.onCancel(around, () -> acquiring.cancel(true)) : () -> {};
        acquiring.whenComplete((held, failure) -> {
            acquired.run();
            Coroutines.dispatch(around, () -> goOn(call, held, failure));
        });
    }

    /** After a wait, in which the coroutine may have been cancelled. */
    private void goOn(LockedCall call, LockedCall.@Nullable Hold held, @Nullable Throwable failure) {
        CancellationException cancelled = Coroutines.hasKotlinx() ? CallJob.cancellation(around) : null;
        if (cancelled == null) {
            acquired(call, held, failure);
        } else if (held == null) {
            caller.resumeWith(ResultKt.createFailure(cancelled));
        } else {
            end(held, ResultKt.createFailure(cancelled));
        }
    }

    private void acquired(LockedCall call, LockedCall.@Nullable Hold held, @Nullable Throwable failure) {
        if (held == null) {
            answer(() -> instead(call, CallFuture.cause(failure)));
            return;
        }
        hold = held;
        CoroutineContext context = LockScopeElement.put(held, around);
        if (held.isInterruptedWhenLost()) { // kotlinx.coroutines is there, or the method had been refused
            CallJob own = new CallJob(around);
            job = own;
            context = own.in(context);
            held.interruptWhenLost(own::cut);
        }
        inside = context;
        answer(held::proceed);
    }

    private static @Nullable Object instead(LockedCall call, Throwable failure) throws Throwable {
        if (failure instanceof LockUnavailableException unavailable) {
            return call.unavailable(unavailable);
        }
        throw failure;
    }

    /** Goes on with what the function returns or throws, unless it says that it will do so itself. */
    private void answer(Body function) {
        Object returned;
        try {
            returned = function.call();
        } catch (Throwable e) {
            returned = ResultKt.createFailure(e);
        }
        if (!Coroutines.isSuspended(returned)) {
            resumeWith(returned);
        }
    }

    @Override
    public CoroutineContext getContext() {
        return inside;
    }

    /** The function is done. */
    @Override
    public void resumeWith(@Nullable Object result) {
        LockedCall.Hold held = hold;
        CallJob own = job;
        if (held == null) {
            caller.resumeWith(result);
        } else {
            end(held, own == null ? result : own.end(result));
        }
    }

    private void end(LockedCall.Hold held, @Nullable Object result) {
        held.end().whenComplete((nothing, lost) -> caller.resumeWith(lost == null ? result : with(lost, result)));
    }

    /** The function's own failure wins. */
    private static @Nullable Object with(Throwable lost, @Nullable Object result) {
        Throwable own = Coroutines.failure(result);
        Throwable why = CallFuture.cause(lost);
        if (own == null) {
            return ResultKt.createFailure(why);
        }
        if (own != why) {
            own.addSuppressed(why);
        }
        return result;
    }

    /** The function, or what runs in its place. */
    private interface Body {
        @Nullable
        Object call() throws Throwable;
    }
}
