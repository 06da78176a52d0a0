package io.lockweave.invoke;

import io.lockweave.LockResultException;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.spi.ResultType;
import java.lang.reflect.Method;
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

    private final String description;
    private final Class<?> declared;
    private final Type generic;
    private final @Nullable ResultType later;
    private final boolean mayHideWork;

    private MethodResult(String description, Class<?> declared, Type generic, @Nullable ResultType later) {
        this.description = description;
        this.declared = declared;
        this.generic = generic;
        this.later = later;
        this.mayHideWork = declared == Iterable.class || (later == null && LateWork.mayBe(declared));
    }

    static MethodResult of(Method method, String description, List<ResultType> types) {
        Class<?> declared = method.getReturnType();
        if (LateWork.isSuspending(method)) {
            throw new LockUsageException(
                    description + " is a suspending function, which returns before its work is done",
                    "return a CompletableFuture (or a Mono with lock-spring), or call locks.acquireAllAsync in it");
        }
        ResultType later = Stream.concat(types.stream(), Stream.of(new FutureResult()))
                .filter(type -> type.supports(declared))
                .findFirst()
                .orElse(null);
        if ((later == null && LateWork.is(declared)) || LateWork.isIn(method.getGenericReturnType())) {
            throw new LockUsageException(
                    description + " returns "
                            + (LateWork.is(declared)
                                    ? declared.getName()
                                    : method.getGenericReturnType().getTypeName())
                            + ", which goes on working after the method has returned and its lock is released",
                    "return CompletionStage or CompletableFuture (or a reactive type with lock-spring) of a finished value,"
                            + " for which the lock is held until they complete, or a finished value such as a List");
        }
        return new MethodResult(description, declared, method.getGenericReturnType(), later);
    }

    /** Fails if the policy does not go with the result. */
    void check(LockPolicy policy) {
        if (policy.onUnavailable() == Locked.OnUnavailable.SKIP && declared.isPrimitive() && declared != void.class) {
            throw new LockUsageException(
                    "onUnavailable = SKIP of " + description + ", which returns " + declared.getName()
                            + ": a skipped method has no such value to return",
                    "return Optional, void or a reference type, or use FALLBACK");
        }
        if (policy.until() == Locked.Until.TRANSACTION && later != null && !later.knowsTransactions()) {
            throw new LockUsageException(
                    "until = TRANSACTION of " + description
                            + ", whose result comes later than the thread's transaction ends",
                    "use RETURN, which holds the lock until the result completes");
        }
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
                        description + " returned " + value.getClass().getName()
                                + ", which goes on working although its lock is released",
                        "declare CompletionStage or CompletableFuture (or a reactive type with lock-spring) as its result,"
                                + " for which the lock is held until they complete, or return a finished value such as a"
                                + " List");
            }
        }
    }

    /** The result of a method that did not run. */
    @Nullable
    Object nothing() {
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
        return type == OptionalDouble.class ? OptionalDouble.empty() : null;
    }
}
