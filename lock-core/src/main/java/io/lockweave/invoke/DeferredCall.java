package io.lockweave.invoke;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.engine.CallThreads;
import io.lockweave.spi.container.LockedBody;
import io.lockweave.spi.container.LockedCall;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call whose result comes later. Each acquisition has a scope of its own, nested in the one it is called in: it
 * re-enters what is held around it, and calls side by side exclude each other. A thread is no scope: two calls of one
 * thread exclude each other as well.
 */
final class DeferredCall implements LockedCall {

    private final LockedMethod method;
    private final Locks locks;
    private final List<LockKey> keys;
    private final @Nullable Object target;
    private final @Nullable Object[] args;
    private final EnteredBody body;
    private final Supplier<LockScope> scopes;

    DeferredCall(
            LockedMethod method,
            Locks locks,
            List<LockKey> keys,
            @Nullable Object target,
            @Nullable Object[] args,
            EnteredBody body) {
        this(method, locks, keys, target, args, body, nestedIn(LockScope.bound().orElse(null), method));
    }

    private DeferredCall(
            LockedMethod method,
            Locks locks,
            List<LockKey> keys,
            @Nullable Object target,
            @Nullable Object[] args,
            EnteredBody body,
            Supplier<LockScope> scopes) {
        this.method = method;
        this.locks = locks;
        this.keys = keys;
        this.target = target;
        this.args = args;
        this.body = body;
        this.scopes = scopes;
    }

    private static Supplier<LockScope> nestedIn(@Nullable LockScope caller, LockedMethod method) {
        String name = method.description();
        return caller == null ? () -> LockScope.named(name) : () -> caller.nested(name);
    }

    @Override
    public Class<?> returns() {
        return method.result().declared();
    }

    @Override
    public LockedCall within(LockScope other) {
        return with(nestedIn(other, method));
    }

    @Override
    public LockedCall as(LockScope owner) {
        return with(() -> owner);
    }

    private DeferredCall with(Supplier<LockScope> others) {
        return new DeferredCall(method, locks, keys, target, args, body, others);
    }

    @Override
    public String method() {
        return method.description();
    }

    @Override
    public Locked.Until until() {
        return method.policy().until();
    }

    @Override
    public CompletableFuture<Hold> acquire() {
        LinkedFuture<Hold> acquired = new LinkedFuture<>();
        LockScope scope = scopes.get();
        scope.run(() -> {
            CompletableFuture<HeldLock> acquiring = locks.acquireAllAsync(keys, method.options());
            acquired.follow(acquiring);
            acquiring.whenComplete((held, failure) -> {
                if (held == null) {
                    acquired.completeExceptionally(failure);
                } else if (!acquired.complete(new Held(held, scope))) {
                    held.close();
                }
            });
        });
        return acquired;
    }

    @Override
    public @Nullable Object unavailable(LockUnavailableException failure) throws Throwable {
        return method.unavailable(failure, target, args);
    }

    /** The locks of this call. */
    private final class Held implements Hold {

        private final HeldLock held;
        private final LockScope scope;
        private final AtomicReference<@Nullable CompletableFuture<@Nullable Void>> ended = new AtomicReference<>();

        Held(HeldLock held, LockScope scope) {
            this.held = held;
            this.scope = scope;
        }

        @Override
        public HeldLock held() {
            return held;
        }

        @Override
        public LockScope scope() {
            return scope;
        }

        @Override
        public @Nullable Object proceed() throws Throwable {
            Outcome outcome = new Outcome();
            scope.run(() -> outcome.of(() -> method.guard().proceed(held, body.under(held))));
            return outcome.get();
        }

        @Override
        public boolean isInterruptedWhenLost() {
            return method.policy().onLost() == Locked.OnLost.INTERRUPT;
        }

        @Override
        public void interruptWhenLost(Consumer<LockLostException> action) {
            if (isInterruptedWhenLost()) {
                held.onLost(action);
            }
        }

        @Override
        public void ensureHeld() {
            method.guard().ensureHeldAtCommit(held);
        }

        /**
         * On the engine's threads: whoever completes the result may be an event loop that must not wait for a store.
         */
        @Override
        public CompletableFuture<@Nullable Void> end() {
            CompletableFuture<@Nullable Void> ending = new CompletableFuture<>();
            CompletableFuture<@Nullable Void> before = ended.compareAndExchange(null, ending);
            if (before != null) {
                return before;
            }
            CallThreads.end(held, () -> method.guard().end(held)).whenComplete((problem, failure) -> {
                if (failure != null) {
                    ending.completeExceptionally(failure);
                } else if (problem instanceof LockLostException) {
                    ending.completeExceptionally(problem);
                } else {
                    if (problem != null) {
                        method.guard().noteRelease(held, problem);
                    }
                    ending.complete(null);
                }
            });
            return ending;
        }
    }

    /** Carries a result or any throwable out of a task that can have neither. */
    private static final class Outcome {

        private @Nullable Object value;
        private @Nullable Throwable failure;

        void of(LockedBody task) {
            try {
                value = task.proceed();
            } catch (Throwable e) {
                failure = e;
            }
        }

        @Nullable
        Object get() throws Throwable {
            if (failure != null) {
                throw failure;
            }
            return value;
        }
    }
}
