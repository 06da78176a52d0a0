package io.lockweave.engine;

import io.lockweave.HeldLock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where calls go on whose result comes later, and where their locks end: on threads of the engine, not on the common
 * pool, which callers that wait for locks may fill.
 */
public final class CallThreads {

    private CallThreads() {}

    /** Runs the task at once if this thread is one of the engine's for foreign code, else on the common pool. */
    public static void goOn(Runnable task) {
        if (WorkerPool.onThreadForForeignCode()) {
            task.run();
        } else {
            CompletableFuture.runAsync(task);
        }
    }

    /**
     * Runs something that ends this lock. Whoever hears of it, listeners and those who follow the result, does so on a
     * thread for call-backs.
     */
    public static <T> CompletableFuture<T> end(HeldLock held, Supplier<T> ending) {
        Hold.Home home = homeOf(held);
        if (home == null) {
            return CompletableFuture.supplyAsync(ending);
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        home.workers().giveBack(() -> {
            AtomicReference<@Nullable T> value = new AtomicReference<>();
            AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
            Runnable tellListeners = home.events().puttingOff(() -> {
                try {
                    value.set(ending.get());
                } catch (Throwable e) { // has to reach whoever waits for the result
                    failure.set(e);
                }
            });
            home.workers().callBack(() -> {
                tellListeners.run();
                Throwable why = failure.get();
                if (why == null) {
                    result.complete(value.get());
                } else {
                    result.completeExceptionally(why);
                }
            });
        });
        return result;
    }

    private static Hold.@Nullable Home homeOf(HeldLock held) {
        HeldLock first = held.parts().get(0);
        if (first instanceof Reentry again) {
            return again.hold().home;
        }
        return first instanceof Hold hold ? hold.home : null;
    }
}
