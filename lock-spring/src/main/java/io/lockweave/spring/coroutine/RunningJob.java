package io.lockweave.spring.coroutine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import kotlin.Unit;
import kotlin.coroutines.AbstractCoroutineContextElement;
import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.ThreadContextElement;
import org.jspecify.annotations.Nullable;

/**
 * Finds the job of the coroutine that Spring starts in this context: the first one that runs there. Cancelling Spring's
 * publisher only asks that coroutine to stop, and nothing else says when it has.
 */
final class RunningJob extends AbstractCoroutineContextElement implements ThreadContextElement<Unit> {

    private static final CoroutineContext.Key<RunningJob> KEY = new CoroutineContext.Key<>() {};

    private final AtomicReference<@Nullable Job> job = new AtomicReference<>();

    RunningJob() {
        super(KEY);
    }

    @Override
    public Unit updateThreadContext(CoroutineContext context) {
        if (job.get() == null) {
            job.compareAndSet(null, context.get(Job.Key));
        }
        return Unit.INSTANCE;
    }

    @Override
    public void restoreThreadContext(CoroutineContext context, Unit before) {}

    /** Completes when the coroutine is done; at once if none has begun, which after a cancellation none will. */
    CompletableFuture<@Nullable Void> end() {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        Job running = job.get();
        if (running == null) {
            done.complete(null);
        } else {
            running.invokeOnCompletion(cause -> {
                done.complete(null);
                return Unit.INSTANCE;
            });
        }
        return done;
    }
}
