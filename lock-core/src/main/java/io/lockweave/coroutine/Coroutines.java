package io.lockweave.coroutine;

import io.lockweave.engine.CallThreads;
import kotlin.Result;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.ContinuationInterceptor;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.intrinsics.IntrinsicsKt;
import org.jspecify.annotations.Nullable;

/** What Kotlin's libraries offer to code that its compiler did not make. */
public final class Coroutines {

    private static final boolean KOTLIN = isPresent("kotlin.coroutines.Continuation");

    private static final boolean KOTLINX = isPresent("kotlinx.coroutines.CopyableThreadContextElement");

    private Coroutines() {}

    private static boolean isPresent(String type) {
        try {
            Class.forName(type, false, Coroutines.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** Whether Kotlin's standard library is where Lockweave is. */
    public static boolean hasKotlin() {
        return KOTLIN;
    }

    /** Whether kotlinx.coroutines is where Lockweave is. */
    public static boolean hasKotlinx() {
        return KOTLINX;
    }

    /** Whether a suspending function returned this to say that its result comes later. */
    public static boolean isSuspended(@Nullable Object returned) {
        return returned == IntrinsicsKt.getCOROUTINE_SUSPENDED();
    }

    /** What a suspending function returns that has nothing to return. */
    public static Object nothing() {
        return Unit.INSTANCE;
    }

    /** The failure in a result; null if it is a value. */
    static @Nullable Throwable failure(@Nullable Object result) {
        return result instanceof Result.Failure failed ? failed.exception : null;
    }

    /** Runs the task where the dispatcher of this context says; if it has none, on the threads of the engine. */
    static void dispatch(CoroutineContext context, Runnable task) {
        ContinuationInterceptor dispatcher = context.get(ContinuationInterceptor.Key);
        if (dispatcher == null) {
            CallThreads.goOn(task);
        } else {
            dispatcher.interceptContinuation(new Task(context, task)).resumeWith(Unit.INSTANCE);
        }
    }

    /** A task as dispatchers want it. */
    private record Task(CoroutineContext context, Runnable task) implements Continuation<Unit> {

        @Override
        public CoroutineContext getContext() {
            return context;
        }

        @Override
        public void resumeWith(Object result) {
            task.run();
        }
    }
}
