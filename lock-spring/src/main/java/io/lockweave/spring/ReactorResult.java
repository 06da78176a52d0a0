package io.lockweave.spring;

import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.spi.LockedCall;
import io.lockweave.spi.ResultType;
import java.lang.reflect.Type;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

/**
 * Methods that return {@link Mono} or {@link Flux}. Each subscription takes the lock, without blocking, then calls the method
 * and subscribes to what it returns; the end or the cancellation of that gives the lock back. Two subscriptions exclude each
 * other. What is subscribed to in there re-enters the lock, by the {@link LockScope} in its Reactor context.
 *
 * <p>If the lock is free the method is called on the subscriber's thread, otherwise on Reactor's parallel scheduler.
 */
final class ReactorResult implements ResultType {

    @Override
    public boolean supports(Class<?> declared) {
        return declared == Mono.class || declared == Flux.class;
    }

    @Override
    public Object nothing(Type declared) {
        return declared.getTypeName().startsWith(Flux.class.getName()) ? Flux.empty() : Mono.empty();
    }

    @Override
    public Object adapt(LockedCall call) {
        LockScope caller = LockScope.bound().orElse(null);
        return call.returns() == Flux.class ? flux(call, caller) : mono(call, caller);
    }

    private static Mono<Object> mono(LockedCall call, @Nullable LockScope caller) {
        return Mono.deferContextual(context -> {
            LockScope scope = scope(context, call, caller);
            LockedCall own = call.within(scope);
            return Mono.usingWhen(
                            hold(own),
                            hold -> Mono.from(body(own, hold)).takeUntilOther(lost(hold)),
                            ReactorResult::end,
                            ReactorResult::endFailed,
                            ReactorResult::end)
                    .onErrorResume(Unavailable.class, e -> Mono.from(instead(call, e)))
                    .contextWrite(inner -> inner.put(LockScope.class, scope));
        });
    }

    private static Flux<Object> flux(LockedCall call, @Nullable LockScope caller) {
        return Flux.deferContextual(context -> {
            LockScope scope = scope(context, call, caller);
            LockedCall own = call.within(scope);
            return Flux.usingWhen(
                            hold(own),
                            hold -> Flux.from(body(own, hold)).takeUntilOther(lost(hold)),
                            ReactorResult::end,
                            ReactorResult::endFailed,
                            ReactorResult::end)
                    .onErrorResume(Unavailable.class, e -> Flux.from(instead(call, e)))
                    .contextWrite(inner -> inner.put(LockScope.class, scope));
        });
    }

    private static LockScope scope(ContextView context, LockedCall call, @Nullable LockScope caller) {
        if (context.hasKey(LockScope.class)) {
            return context.get(LockScope.class);
        }
        return caller != null ? caller : LockScope.named(call.method());
    }

    /** A hold that comes too late for its subscriber is given back. */
    private static Mono<LockedCall.Hold> hold(LockedCall call) {
        return Mono.<LockedCall.Hold>create(sink -> {
                    CompletableFuture<LockedCall.Hold> acquiring = call.acquire();
                    sink.onCancel(() -> acquiring.cancel(true));
                    if (acquiring.isDone()) {
                        acquiring.whenComplete((hold, failure) -> emit(sink, hold, failure));
                    } else {
                        acquiring.whenCompleteAsync(
                                (hold, failure) -> emit(sink, hold, failure),
                                task -> Schedulers.parallel().schedule(task));
                    }
                })
                .doOnDiscard(LockedCall.Hold.class, LockedCall.Hold::end);
    }

    private static void emit(
            MonoSink<LockedCall.Hold> sink, LockedCall.@Nullable Hold hold, @Nullable Throwable failure) {
        if (hold != null) {
            sink.success(hold);
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof LockUnavailableException unavailable) {
            sink.error(new Unavailable(unavailable));
        } else if (cause != null) {
            sink.error(cause);
        }
    }

    private static Publisher<Object> body(LockedCall call, LockedCall.Hold hold) {
        return publisher(call, hold::proceed);
    }

    private static Publisher<Object> instead(LockedCall call, Unavailable failure) {
        return publisher(call, () -> call.unavailable(failure.why));
    }

    @SuppressWarnings("unchecked")
    private static Publisher<Object> publisher(LockedCall call, Source source) {
        try {
            if (source.get() instanceof Publisher<?> publisher) {
                return (Publisher<Object>) publisher;
            }
            return Mono.error(new LockUsageException(
                    call.method() + " returned null instead of a publisher", "return an empty one instead"));
        } catch (Throwable e) {
            return Mono.error(e);
        }
    }

    /** Fails when the lock is lost, if the method wants to be stopped then. */
    private static Mono<Void> lost(LockedCall.Hold hold) {
        Sinks.Empty<Void> lost = Sinks.empty();
        hold.interruptWhenLost(lost::tryEmitError);
        return lost.asMono();
    }

    private static Mono<Void> end(LockedCall.Hold hold) {
        return Mono.fromFuture(hold.end(), true);
    }

    /** The method's own failure wins. */
    private static Mono<Void> endFailed(LockedCall.Hold hold, Throwable own) {
        return end(hold).onErrorResume(e -> {
            if (e != own) {
                own.addSuppressed(e);
            }
            return Mono.empty();
        });
    }

    /** Where a publisher comes from. */
    private interface Source {
        @Nullable
        Object get() throws Throwable;
    }

    /** Tells that this lock could not be had from the same failure of a lock inside the method. */
    private static final class Unavailable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient LockUnavailableException why;

        Unavailable(LockUnavailableException why) {
            super(why);
            this.why = why;
        }
    }
}
