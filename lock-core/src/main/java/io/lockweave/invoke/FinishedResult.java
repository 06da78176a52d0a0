package io.lockweave.invoke;

import io.lockweave.LockResultException;
import io.lockweave.check.ReflectedMethod;
import io.lockweave.check.ResultCheck;
import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The result of a method whose lock ends with the thread's transaction, so that its work has to be done when it
 * returns. A future may be the result if it is complete by then, as {@code @Async} wants it. Immutable and safe for use
 * from any thread.
 */
public final class FinishedResult {

    private final String problem;
    private final boolean mayHideWork;

    private FinishedResult(String problem, boolean mayHideWork) {
        this.problem = problem;
        this.mayHideWork = mayHideWork;
    }

    /**
     * Looks at what the method declares.
     *
     * @param annotation whose lock it is, for messages: {@code @LockedRow}
     * @throws io.lockweave.LockUsageException if that goes on working after the method has returned
     */
    public static FinishedResult of(Method method, String annotation) {
        Class<?> declared = method.getReturnType();
        String problem = annotation + " on " + LockedMethodReader.describe(method)
                + " locks in the thread's transaction, and its result";
        ResultCheck.finished(ReflectedMethod.of(method), annotation);
        return new FinishedResult(problem, isFuture(declared) || LateWork.mayBe(declared));
    }

    /**
     * Looks at what the method returned.
     *
     * @throws LockResultException if that is not done yet; the method has run
     */
    public void check(@Nullable Object returned) {
        if (mayHideWork && returned != null && isWorking(returned)) {
            throw new LockResultException(
                    problem + ", a " + returned.getClass().getName() + ", is not done when it returns",
                    "return a finished value, or a future that is complete by then");
        }
    }

    private static boolean isWorking(Object value) {
        if (value instanceof Future<?> future) {
            return !future.isDone();
        }
        return value instanceof CompletionStage<?> stage
                ? !stage.toCompletableFuture().isDone()
                : LateWork.isOrCarries(value);
    }

    private static boolean isFuture(Class<?> type) {
        return Future.class.isAssignableFrom(type) || CompletionStage.class.isAssignableFrom(type);
    }
}
