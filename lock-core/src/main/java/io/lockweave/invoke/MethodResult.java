package io.lockweave.invoke;

import io.lockweave.LockResultException;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.check.MethodModel;
import io.lockweave.check.ReflectedType;
import io.lockweave.check.ResultCheck;
import io.lockweave.check.SuspendingFunction;
import io.lockweave.check.TypeModel;
import io.lockweave.coroutine.Coroutines;
import io.lockweave.spi.container.ResultType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a locked method returns, and whether a lock can be held for it. */
final class MethodResult {

    private final MethodModel method;
    private final Class<?> declared;
    private final Type generic;
    private final @Nullable ResultType later;
    private final boolean mayHideWork;
    private final boolean suspending;

    private MethodResult(MethodModel method, Class<?> declared, Type generic, @Nullable ResultType later) {
        this.method = method;
        this.declared = declared;
        this.generic = generic;
        this.later = later;
        this.suspending = SuspendingFunction.is(method);
        this.mayHideWork = declared == Iterable.class || (later == null && LateWork.mayBe(declared));
    }

    static MethodResult of(MethodScope scope, List<ResultType> types) {
        Class<?> declared = scope.method().getReturnType();
        ResultType later = Stream.concat(types.stream(), Stream.of(new FutureResult()))
                .filter(type -> type.supports(declared))
                .findFirst()
                .orElse(null);
        ResultCheck.check(scope.model(), later != null);
        return new MethodResult(scope.model(), declared, scope.method().getGenericReturnType(), later);
    }

    /** Fails if the policy does not go with the result. */
    void check(LockPolicy policy) {
        ResultCheck.skips(method, policy.onUnavailable());
        ResultCheck.until(method, policy.until(), later != null && !later.knowsTransactions());
        if (suspending && !Coroutines.hasKotlin()) {
            throw new LockUsageException(
                    method.description()
                            + " is a suspending function, but Lockweave's class loader does not know Kotlin",
                    "put kotlin-stdlib beside lock-core, or lock-core beside the application");
        }
        if (suspending && policy.onLost() == Locked.OnLost.INTERRUPT && !Coroutines.hasKotlinx()) {
            throw new LockUsageException(
                    "onLost = INTERRUPT of " + method.description()
                            + ", a suspending function, which only kotlinx.coroutines can cancel",
                    "add kotlinx-coroutines-core, or use THROW");
        }
    }

    /** Whether it is a suspending function of Kotlin. */
    boolean isSuspending() {
        return suspending;
    }

    Class<?> declared() {
        return declared;
    }

    /** How the result is waited for if it comes later; null if the method is done when it returns. */
    @Nullable
    ResultType later() {
        return later;
    }

    /**
     * Fails if a method that declares a general type returned something that is not done yet.
     *
     * @throws LockResultException if it did; the method has run
     */
    void checkDone(@Nullable Object value) {
        if (mayHideWork && value != null) {
            boolean lazyIterable = declared == Iterable.class && !(value instanceof Collection<?>);
            if (lazyIterable || LateWork.isOrCarries(value)) {
                throw new LockResultException(
                        method.description() + " returned " + value.getClass().getName()
                                + ", which goes on working although its lock is released",
                        "declare CompletionStage or CompletableFuture (or a reactive type with lock-spring)"
                                + " as its result,"
                                + " for which the lock is held until they complete, or return a finished"
                                + " value such as a"
                                + " List");
            }
        }
    }

    /** The result of a method that did not run. */
    @Nullable
    Object nothing() {
        if (suspending) {
            TypeModel result = SuspendingFunction.result(method);
            return result instanceof ReflectedType type ? nothing(type.erasure()) : null;
        }
        return later != null ? later.nothing(generic) : nothing(declared);
    }

    static @Nullable Object nothing(Class<?> type) {
        if (type == Optional.class) {
            return Optional.empty();
        }
        if (type == OptionalInt.class) {
            return OptionalInt.empty();
        }
        if (type == OptionalLong.class) {
            return OptionalLong.empty();
        }
        if (type.getName().equals("kotlin.Unit")) {
            return Coroutines.nothing();
        }
        return type == OptionalDouble.class ? OptionalDouble.empty() : null;
    }
}
