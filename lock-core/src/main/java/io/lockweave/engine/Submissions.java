package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadPoolExecutor;

/** Tasks that wait in the queues of their keys instead of blocking a thread, and then run on workers. */
final class Submissions {

    private static final int WORKERS = 32;

    private final LockEngine locks;
    private final ThreadPoolExecutor workers = Threads.pool("lockweave-worker", WORKERS);

    Submissions(LockEngine locks) {
        this.locks = locks;
    }

    <T> CompletableFuture<T> submit(List<LockKey> keys, LockOptions options, Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        CompletableFuture<HeldLock> turn = locks.acquireAllAsync(keys, options);
        result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                turn.cancel(false);
            }
        });
        turn.whenComplete((held, failure) -> {
            if (failure != null) {
                Throwable cause = failure.getCause();
                result.completeExceptionally(failure instanceof CompletionException && cause != null ? cause : failure);
            } else {
                start(held, result, task);
            }
        });
        return result;
    }

    private <T> void start(HeldLock held, CompletableFuture<T> result, Callable<T> task) {
        try {
            workers.execute(() -> run(held, result, task));
        } catch (java.util.concurrent.RejectedExecutionException e) {
            held.close();
            result.completeExceptionally(e);
        }
    }

    private static <T> void run(HeldLock held, CompletableFuture<T> result, Callable<T> task) {
        if (result.isDone()) {
            held.close(); // cancelled before it began
            return;
        }
        T value;
        try {
            value = Guarded.call(held, task);
        } catch (Throwable e) { // whatever the task throws is its result
            result.completeExceptionally(e);
            return;
        }
        result.complete(value);
    }

    void close() {
        Threads.stop(workers);
    }
}
