package io.lockweave.spring.reactor;

import io.lockweave.LockUsageException;
import io.lockweave.spi.container.AdaptedCall;
import io.lockweave.spi.container.AdaptedHold;
import io.lockweave.spi.container.LockedCall;
import io.lockweave.spi.container.ResultType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
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
        return adapter.fromPublisher((Publisher<?>) reactor.adapt(new AdaptedCall(
                call,
                adapter.isMultiValue() ? Flux.class : Mono.class,
                hold -> new AdaptedHold(hold, () -> publisher(hold.proceed(), adapter)),
                returned -> publisher(returned, adapter))));
    }

    private ReactiveAdapter adapter(Class<?> type) {
        ReactiveAdapter adapter = registry.getAdapter(type);
        if (adapter == null) {
            throw new IllegalStateException("no adapter of " + type + " any more");
        }
        return adapter;
    }

    private static @Nullable Object publisher(@Nullable Object returned, ReactiveAdapter adapter) {
        return returned == null ? null : adapter.toPublisher(returned);
    }
}
