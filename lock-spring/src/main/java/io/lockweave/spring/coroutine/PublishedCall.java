package io.lockweave.spring.coroutine;

import io.lockweave.coroutine.Coroutines;
import io.lockweave.coroutine.LockScopeElement;
import io.lockweave.spi.container.AdaptedCall;
import io.lockweave.spi.container.AdaptedHold;
import io.lockweave.spi.container.LockedCall;
import java.util.concurrent.CompletableFuture;
import kotlin.Result;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A call of a suspending function that returns a {@link Mono}, and the continuation that goes with it. Spring takes the
 * coroutine's context from the continuation; only a fallback that suspends goes on with it.
 */
final class PublishedCall implements Continuation<@Nullable Object> {

    private final CoroutineContext around;
    private final CompletableFuture<@Nullable Object> instead = new CompletableFuture<>();
    private volatile CoroutineContext context;

    PublishedCall(Continuation<?> caller) {
        this.around = caller.getContext();
        this.context = around;
    }

    @Override
    public CoroutineContext getContext() {
        return context;
    }

    @Override
    public void resumeWith(@Nullable Object result) {
        if (result instanceof Result.Failure failure) {
            instead.completeExceptionally(failure.exception);
        } else {
            instead.complete(result);
        }
    }

    /** The call as one whose result is a {@link Mono}. */
    LockedCall of(LockedCall call) {
        return new AdaptedCall(call, Mono.class, this::of, this::mono);
    }

    /** The hold, which does not end before the coroutine under it has. */
    private LockedCall.Hold of(LockedCall.Hold hold) {
        RunningJob running = new RunningJob();
        return new AdaptedHold(
                hold,
                () -> {
                    context = LockScopeElement.put(hold, around).plus(running);
                    return hold.proceed();
                },
                () -> running.end().thenCompose(done -> hold.end()));
    }

    private Mono<?> mono(@Nullable Object returned) {
        if (Coroutines.isSuspended(returned)) {
            return Mono.fromFuture(instead);
        }
        return returned == Unit.INSTANCE ? Mono.empty() : Mono.justOrEmpty(returned);
    }
}
