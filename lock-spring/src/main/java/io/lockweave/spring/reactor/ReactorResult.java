package io.lockweave.spring.reactor;

import io.lockweave.LockScope;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.spi.container.LockedCall;
import io.lockweave.spi.container.ResultType;
import io.lockweave.spring.transaction.ReactorTransactions;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Methods that return {@link Mono} or {@link Flux}. Each subscription takes the lock, without blocking, then calls the
 * method and subscribes to what it returns; the end or the cancellation of that gives the lock back, or the end of the
 * reactive transaction around it. Two subscriptions exclude each other, also side by side under an outer lock. What is
 * subscribed to in there re-enters the lock, by the {@link LockScope} in its Reactor context.
 *
 * <p>If the lock is free the method is called on the subscriber's thread, otherwise on Reactor's parallel scheduler.
 */
final class ReactorResult implements ResultType {

    private final @Nullable ReactorTransactions transactions;

    /** Without transactions where Spring's are not on the class path. */
    ReactorResult(@Nullable ReactorTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public boolean supports(Class<?> declared) {
        return declared == Mono.class || declared == Flux.class;
    }

    @Override
    public boolean knowsTransactions() {
        return transactions != null;
    }

    @Override
    public Object nothing(Type declared) {
        return declared.getTypeName().startsWith(Flux.class.getName()) ? Flux.empty() : Mono.empty();
    }

    @Override
    public Object adapt(LockedCall call) {
        LockScope caller = LockScope.bound().orElse(null);
        return call.returns() == Flux.class
                ? Flux.deferContextual(
                        context -> subscription(call, context, caller).flatMapMany(ReactorResult::flux))
                : Mono.deferContextual(
                        context -> subscription(call, context, caller).flatMap(ReactorResult::mono));
    }

    private static Mono<Object> mono(ReactorSubscription subscription) {
        return Mono.usingWhen(
                        subscription.hold(),
                        hold -> new LossOfLock(hold)
                                .cut(Mono.from(subscription.body(hold)).contextWrite(subscription.under(hold))),
                        subscription::end,
                        subscription::endFailed,
                        subscription::cancel)
                .onErrorMap(ReactorSubscription::unwrapped)
                .onErrorResume(ReactorSubscription.Unavailable.class, e -> Mono.from(subscription.instead(e)))
                .contextWrite(subscription.inScopeAround());
    }

    private static Flux<Object> flux(ReactorSubscription subscription) {
        return Flux.usingWhen(
                        subscription.hold(),
                        hold -> new LossOfLock(hold)
                                .cut(Flux.from(subscription.body(hold)).contextWrite(subscription.under(hold))),
                        subscription::end,
                        subscription::endFailed,
                        subscription::cancel)
                .onErrorMap(ReactorSubscription::unwrapped)
                .onErrorResume(ReactorSubscription.Unavailable.class, e -> Flux.from(subscription.instead(e)))
                .contextWrite(subscription.inScopeAround());
    }

    private Mono<ReactorSubscription> subscription(LockedCall call, ContextView context, @Nullable LockScope caller) {
        if (transactions == null) {
            return Mono.just(outside(call, context, caller));
        }
        return transactions
                .current()
                .map(active -> inside(call, context, caller, active))
                .switchIfEmpty(Mono.fromSupplier(() -> outside(call, context, caller)));
    }

    private static ReactorSubscription outside(LockedCall call, ContextView context, @Nullable LockScope caller) {
        if (call.until() == Locked.Until.TRANSACTION) {
            throw new LockUsageException(
                    "until = TRANSACTION of " + call.method()
                            + ", but no transaction is active where it is subscribed to",
                    "subscribe to it inside a transaction, or use until = AUTO");
        }
        LockScope around = around(context, caller);
        return new ReactorSubscription(around == null ? call : call.within(around), around, null, context);
    }

    /** What a transaction keeps belongs to all of it; two transactions under one outer lock exclude each other. */
    private static ReactorSubscription inside(
            LockedCall call, ContextView context, @Nullable LockScope caller, ReactorTransactions.Active active) {
        LockScope scope = active.scope(() -> {
            String name = "transaction of " + call.method();
            LockScope around = around(context, caller);
            return around == null ? LockScope.named(name) : around.nested(name);
        });
        return new ReactorSubscription(
                call.as(scope), scope, call.until() == Locked.Until.RETURN ? null : active, context);
    }

    private static @Nullable LockScope around(ContextView context, @Nullable LockScope caller) {
        return context.hasKey(LockScope.class) ? context.get(LockScope.class) : caller;
    }
}
