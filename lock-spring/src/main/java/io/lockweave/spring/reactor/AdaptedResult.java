package io.lockweave.spring.reactor;

import io.lockweave.LockLostException;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.spi.container.LockedCall;
import io.lockweave.spi.container.ResultType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Methods that return a type of another reactive library, which {@link ReactiveAdapterRegistry} turns into a publisher
 * and back: RxJava's, Mutiny's, plain publishers. Each subscription takes the lock, as with {@link ReactorResult}.
 */
final class AdaptedResult implements ResultType {

    private final ReactorResult reactor;
    private final ReactiveAdapterRegistry registry;

    AdaptedResult(ReactorResult reactor, ReactiveAdapterRegistry registry) {
        this.reactor = reactor;
        this.registry = registry;
    }

    /** Not for futures, which work before anybody subscribes, and not for subclasses, which no adapter makes. */
    @Override
    public boolean supports(Class<?> declared) {
        ReactiveAdapter adapter = registry.getAdapter(declared);
        return adapter != null
                && adapter.getReactiveType() == declared
                && adapter.getDescriptor().isDeferred()
                && !reactor.supports(declared);
    }

    @Override
    public boolean knowsTransactions() {
        return reactor.knowsTransactions();
    }

    @Override
    public Object nothing(Type declared) {
        Type raw = declared instanceof ParameterizedType typed ? typed.getRawType() : declared;
        ReactiveAdapter adapter = adapter((Class<?>) raw);
        if (!adapter.supportsEmpty()) {
            throw new LockUsageException(
                    "onUnavailable = SKIP of a method that returns " + declared.getTypeName()
                            + ", which cannot be empty",
                    "return a type that can, such as Maybe or Mono, or use FALLBACK");
        }
        return adapter.fromPublisher(Mono.empty());
    }

    @Override
    public Object adapt(LockedCall call) {
        ReactiveAdapter adapter = adapter(call.returns());
        return adapter.fromPublisher((Publisher<?>) reactor.adapt(new AdaptedCall(call, adapter)));
    }

    private ReactiveAdapter adapter(Class<?> type) {
        ReactiveAdapter adapter = registry.getAdapter(type);
        if (adapter == null) {
            throw new IllegalStateException("no adapter of " + type + " any more");
        }
        return adapter;
    }

    /** The call as one that returns Mono or Flux. */
    private record AdaptedCall(LockedCall call, ReactiveAdapter adapter) implements LockedCall {

        @Override
        public String method() {
            return call.method();
        }

        @Override
        public Class<?> returns() {
            return adapter.isMultiValue() ? Flux.class : Mono.class;
        }

        @Override
        public Locked.Until until() {
            return call.until();
        }

        @Override
        public LockedCall within(LockScope scope) {
            return new AdaptedCall(call.within(scope), adapter);
        }

        @Override
        public LockedCall as(LockScope scope) {
            return new AdaptedCall(call.as(scope), adapter);
        }

        @Override
        public CompletableFuture<Hold> acquire() {
            return new Adapting<>(call.acquire(), hold -> new AdaptedHold(hold, adapter));
        }

        @Override
        public @Nullable Object unavailable(LockUnavailableException failure) throws Throwable {
            return publisher(call.unavailable(failure), adapter);
        }
    }

    private static @Nullable Object publisher(@Nullable Object returned, ReactiveAdapter adapter) {
        return returned == null ? null : adapter.toPublisher(returned);
    }

    /** Completes with the source's value as the function sees it; cancelling it cancels the source. */
    private static final class Adapting<T> extends CompletableFuture<T> {

        private final CompletableFuture<T> source;

        Adapting(CompletableFuture<T> source, UnaryOperator<T> function) {
            this.source = source;
            source.whenComplete((value, failure) -> {
                if (failure != null) {
                    completeExceptionally(failure);
                } else {
                    complete(function.apply(value));
                }
            });
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            source.cancel(mayInterruptIfRunning);
            return isCancelled() || super.isCompletedExceptionally();
        }
    }

    /** The hold, whose body is a publisher. */
    private record AdaptedHold(LockedCall.Hold hold, ReactiveAdapter adapter) implements LockedCall.Hold {

        @Override
        public LockScope scope() {
            return hold.scope();
        }

        @Override
        public @Nullable Object proceed() throws Throwable {
            return publisher(hold.proceed(), adapter);
        }

        @Override
        public void interruptWhenLost(Consumer<LockLostException> action) {
            hold.interruptWhenLost(action);
        }

        @Override
        public void ensureHeld() {
            hold.ensureHeld();
        }

        @Override
        public CompletableFuture<@Nullable Void> end() {
            return hold.end();
        }
    }
}
