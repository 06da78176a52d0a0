package io.lockweave.spring.reactor;

import io.lockweave.LockDeadlockException;
import io.lockweave.LockResultException;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.spi.container.LockedCall;
import io.lockweave.spring.transaction.CommitChecks;
import io.lockweave.spring.transaction.ReactorTransactions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** One subscription to the result of a locked method. */
final class ReactorSubscription {

    private final LockedCall call;
    private final @Nullable LockScope scopeAround;
    private final ReactorTransactions.@Nullable Active transaction;
    private final @Nullable CommitChecks around;

    /** Who gets the hold; known from the subscription on. */
    private volatile @Nullable CoreSubscriber<?> subscriber;

    /** The lock is held until the end of the transaction, if one is given, else until the end of the result. */
    ReactorSubscription(
            LockedCall call,
            @Nullable LockScope scopeAround,
            ReactorTransactions.@Nullable Active transaction,
            ContextView context) {
        this.call = call;
        this.scopeAround = scopeAround;
        this.transaction = transaction;
        this.around = context.hasKey(CommitChecks.class) ? context.get(CommitChecks.class) : null;
    }

    /** A hold that comes too late for its subscriber is given back. */
    Mono<LockedCall.Hold> hold() {
        return Mono.<LockedCall.Hold>create(sink -> {
                    CompletableFuture<LockedCall.Hold> acquiring = call.acquire();
                    try {
                        BlockedSubscriber.ensureNoDeadlock(subscriber, acquiring);
                    } catch (LockDeadlockException e) {
                        acquiring.cancel(true);
                        sink.error(e);
                        return;
                    }
                    sink.onCancel(() -> {
                        acquiring.cancel(true);
                        acquiring.whenComplete((hold, failure) -> giveBackLate(hold));
                    });
                    if (acquiring.isDone()) {
                        acquiring.whenComplete((hold, failure) -> emit(sink, hold, failure));
                    } else {
                        acquiring.whenCompleteAsync(
                                (hold, failure) -> emit(sink, hold, failure),
                                task -> Schedulers.parallel().schedule(task));
                    }
                })
                .doOnDiscard(LockedCall.Hold.class, LockedCall.Hold::end)
                .transform(Operators.<LockedCall.Hold, LockedCall.Hold>lift((source, actual) -> {
                    subscriber = actual;
                    return actual;
                }));
    }

    /** What came while the subscriber went is dropped by the sink. */
    private static void giveBackLate(LockedCall.@Nullable Hold hold) {
        if (hold != null) {
            hold.end();
        }
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

    /** What the method returns, called under its lock. */
    Publisher<Object> body(LockedCall.Hold hold) {
        return publisher(() -> {
            if (transaction != null) {
                keep(transaction, hold);
            }
            return hold.proceed();
        });
    }

    private static void keep(ReactorTransactions.Active transaction, LockedCall.Hold hold) {
        boolean kept = false;
        try {
            transaction.keep(hold);
            kept = true;
        } finally {
            if (!kept) {
                hold.end();
            }
        }
    }

    Publisher<Object> instead(Unavailable failure) {
        return publisher(() -> call.unavailable(failure.why));
    }

    @SuppressWarnings("unchecked")
    private Publisher<Object> publisher(Source source) {
        try {
            if (source.get() instanceof Publisher<?> publisher) {
                return (Publisher<Object>) publisher;
            }
            return Mono.error(new LockResultException(
                    call.method() + " returned null instead of a publisher", "return an empty one instead"));
        } catch (Throwable e) {
            return Mono.error(e);
        }
    }

    /** The body re-enters the lock, and transactions that begin in it cannot commit once the lock is lost. */
    UnaryOperator<Context> under(LockedCall.Hold hold) {
        return context -> context.put(LockScope.class, hold.scope())
                .put(CommitChecks.class, new CommitChecks(hold::ensureHeld, around));
    }

    /** For what runs without the lock, which re-enters what is held around it all the same. */
    UnaryOperator<Context> inScopeAround() {
        return context -> scopeAround == null ? context : context.put(LockScope.class, scopeAround);
    }

    Mono<Void> end(LockedCall.Hold hold) {
        return ending(hold).onErrorMap(AtTheEnd::new);
    }

    private Mono<Void> ending(LockedCall.Hold hold) {
        return transaction == null ? giveBack(hold) : Mono.fromRunnable(hold::ensureHeld);
    }

    private static Mono<Void> giveBack(LockedCall.Hold hold) {
        return Mono.fromFuture(hold.end(), true);
    }

    /** The method's own failure wins. */
    Mono<Void> endFailed(LockedCall.Hold hold, Throwable own) {
        return ending(hold).onErrorResume(e -> {
            if (e != own) {
                own.addSuppressed(e);
            }
            return Mono.empty();
        });
    }

    /** Of a failure at the end, Reactor makes the cause of one of its own. */
    static Throwable unwrapped(Throwable failure) {
        return failure.getCause() instanceof AtTheEnd end ? end.why : failure;
    }

    /** A lock that came while its transaction was being cancelled may have come too late to be given back by that. */
    Mono<Void> cancel(LockedCall.Hold hold) {
        return transaction == null || transaction.isOver() ? giveBack(hold) : Mono.empty();
    }

    /** Where a publisher comes from. */
    private interface Source {
        @Nullable
        Object get() throws Throwable;
    }

    /** Tells that this lock could not be had from the same failure of a lock inside the method. */
    static final class Unavailable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient LockUnavailableException why;

        Unavailable(LockUnavailableException why) {
            super(why);
            this.why = why;
        }
    }

    /** The lock could not be ended as it should, most likely because it was lost. */
    private static final class AtTheEnd extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Throwable why;

        AtTheEnd(Throwable why) {
            super(why);
            this.why = why;
        }
    }
}
