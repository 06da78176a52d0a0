package io.lockweave.coroutine;

import io.lockweave.LockLostException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import kotlin.ResultKt;
import kotlin.Unit;
import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.DisposableHandle;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.JobKt;
import org.jspecify.annotations.Nullable;

/**
 * What kotlinx.coroutines cancels: the job of a coroutine, and one inside it that ends a function whose lock was lost.
 * Loaded only where that library is.
 */
final class CallJob {

    private final CompletableJob job;
    private final AtomicReference<@Nullable LockLostException> lost = new AtomicReference<>();

    /** A job inside that of the context. */
    CallJob(CoroutineContext context) {
        this.job = JobKt.Job(context.get(Job.Key));
    }

    /** Why the coroutine is to stop; null if it is not, or if it has no job. */
    static @Nullable CancellationException cancellation(CoroutineContext context) {
        Job job = context.get(Job.Key);
        return job == null || !job.isCancelled() ? null : job.getCancellationException();
    }

    /** Runs the action when the coroutine is told to stop, at once if that was before; returns what ends this. */
    static Runnable onCancel(CoroutineContext context, Runnable action) {
        Job job = context.get(Job.Key);
        if (job == null) {
            return () -> {};
        }
        DisposableHandle handle = job.invokeOnCompletion(true, true, cause -> {
            action.run();
            return Unit.INSTANCE;
        });
        return handle::dispose;
    }

    /** The context with this job. */
    CoroutineContext in(CoroutineContext context) {
        return context.plus(job);
    }

    /** Lets the next suspension of the function fail. */
    void cut(LockLostException why) {
        lost.compareAndSet(null, why);
        CancellationException cancellation = new CancellationException(why.getMessage());
        cancellation.initCause(why);
        job.cancel(cancellation);
    }

    /** Ends the job; returns the function's result, or why it was cut if that is how it ended. */
    @Nullable
    Object end(@Nullable Object result) {
        job.complete();
        LockLostException why = lost.get();
        return why != null && Coroutines.failure(result) instanceof CancellationException
                ? ResultKt.createFailure(why)
                : result;
    }
}
