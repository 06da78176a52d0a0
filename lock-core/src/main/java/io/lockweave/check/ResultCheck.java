package io.lockweave.check;

import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import java.util.Set;

/** Whether a lock can be held for what a method returns. */
public final class ResultCheck {

    /** Work that goes on, or only begins, after the method that made it has returned. Libraries need not be there. */
    private static final Set<String> LATE = Set.of(
            "java.util.concurrent.Future",
            "java.util.concurrent.CompletionStage",
            "java.util.stream.BaseStream",
            "java.util.Iterator",
            "java.util.Spliterator",
            "java.util.Enumeration",
            "java.util.concurrent.Flow$Publisher",
            "java.util.concurrent.Callable",
            "java.util.function.Supplier",
            "org.reactivestreams.Publisher",
            "io.reactivex.rxjava3.core.CompletableSource",
            "io.reactivex.rxjava3.core.MaybeSource",
            "io.reactivex.rxjava3.core.ObservableSource",
            "io.reactivex.rxjava3.core.SingleSource",
            "io.reactivex.CompletableSource",
            "io.reactivex.MaybeSource",
            "io.reactivex.ObservableSource",
            "io.reactivex.SingleSource",
            "rx.Completable",
            "rx.Observable",
            "rx.Single",
            "io.smallrye.mutiny.Multi",
            "io.smallrye.mutiny.Uni",
            "io.vertx.core.Future",
            "kotlin.sequences.Sequence",
            "kotlinx.coroutines.Job",
            "kotlinx.coroutines.flow.Flow",
            "scala.concurrent.Future",
            "jakarta.ws.rs.core.StreamingOutput",
            "javax.ws.rs.core.StreamingOutput",
            "org.springframework.web.context.request.async.DeferredResult",
            "org.springframework.web.context.request.async.WebAsyncTask",
            "org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
            "org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody");

    private static final Set<String> FUTURES =
            Set.of("java.util.concurrent.Future", "java.util.concurrent.CompletionStage");

    private static final Set<String> BOXES = Set.of(
            "java.lang.Boolean",
            "java.lang.Byte",
            "java.lang.Character",
            "java.lang.Double",
            "java.lang.Float",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Short");

    /**
     * Type arguments that have type arguments: deep enough for people, and an end for those that are bounded by
     * themselves.
     */
    private static final int DEEPEST = 8;

    private ResultCheck() {}

    /** Whether it is such work. */
    public static boolean isLate(TypeModel type) {
        return LATE.stream().anyMatch(type::is);
    }

    /**
     * Fails if the method goes on working after it has returned.
     *
     * @param adapted whether the method's result is one for whose end a lock is held
     */
    public static void check(MethodModel method, boolean adapted) {
        String description = method.description();
        TypeModel result = result(method);
        boolean late = isLate(result);
        if ((late && !adapted) || isIn(result, 0)) {
            throw new LockUsageException(
                    description + " returns " + (late ? result.name() : result.text())
                            + ", which goes on working after the method has returned and its lock is released",
                    "return CompletionStage or CompletableFuture (or a reactive type with lock-spring) of a"
                            + " finished value,"
                            + " for which the lock is held until they complete, or a finished value such as a List");
        }
    }

    /**
     * Fails if the method goes on working after the thread's transaction has ended, with which its locks end. A future
     * may be complete by then.
     *
     * @param annotation whose locks these are, for messages: {@code @LockedRow}
     */
    public static void finished(MethodModel method, String annotation) {
        TypeModel result = method.result();
        boolean late = isLate(result) && FUTURES.stream().noneMatch(result::is);
        if (late || isIn(result, 0) || SuspendingFunction.is(method)) {
            throw new LockUsageException(
                    annotation + " on " + method.description() + " locks in the thread's transaction, and its result, "
                            + result.text() + ", goes on working after that has ended",
                    "return a finished value; in a reactive transaction write SELECT ... FOR UPDATE, or use @Locked");
        }
    }

    /** What the method returns when it is done, as far as its class says. */
    private static TypeModel result(MethodModel method) {
        TypeModel suspended = SuspendingFunction.result(method);
        return suspended == null ? method.result() : suspended;
    }

    /** Whether such work is in what a type has as elements or type arguments: {@code Optional<Future<T>>}. */
    private static boolean isIn(TypeModel type, int depth) {
        if (depth > DEEPEST || type.name().equals("java.lang.Class")) {
            return false;
        }
        TypeModel element = type.element();
        return (element != null && (isLate(element) || isIn(element, depth + 1)))
                || type.arguments().stream().anyMatch(one -> isLate(one) || isIn(one, depth + 1));
    }

    /** Fails if what happens to a busy lock does not go with the result. */
    public static void skips(MethodModel method, Locked.OnUnavailable onUnavailable) {
        TypeModel result = result(method);
        boolean boxed = SuspendingFunction.is(method) && BOXES.contains(result.name()); // what Kotlin makes of Int
        if (onUnavailable == Locked.OnUnavailable.SKIP
                && (result.isPrimitive() || boxed)
                && !result.name().equals("void")) {
            throw new LockUsageException(
                    "onUnavailable = SKIP of " + method.description() + ", which returns " + result.name()
                            + ": a skipped method has no such value to return",
                    "return Optional, void or a reference type, or use FALLBACK");
        }
    }

    /** Fails if the lock is to outlive a transaction that ends before the result comes. */
    public static void until(MethodModel method, Locked.Until until, boolean laterWithoutTransaction) {
        if (until == Locked.Until.TRANSACTION && SuspendingFunction.is(method)) {
            throw new LockUsageException(
                    "until = TRANSACTION of " + method.description()
                            + ", a suspending function, which may go on where no transaction is",
                    "use AUTO, which waits for the reactive transaction around a call through a Spring proxy, or"
                            + " RETURN");
        }
        if (until == Locked.Until.TRANSACTION && laterWithoutTransaction) {
            throw new LockUsageException(
                    "until = TRANSACTION of " + method.description()
                            + ", whose result comes later than the thread's transaction ends",
                    "use RETURN, which holds the lock until the result completes");
        }
    }
}
