package io.lockweave.spring.reactor;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.scheduler.Schedulers;

/** A thread that subscribes in {@code block()}, and so waits for the lock as in {@code join} of a future. */
final class BlockedSubscriber {

    /** Of {@code block}, {@code blockFirst}, {@code blockLast}, {@code blockOptional} and {@code toIterable}. */
    private static final String NAME = "reactor.core.publisher.Blocking";

    private BlockedSubscriber() {}

    /**
     * Looks, if the subscriber blocks the calling thread, whether the lock can come before that thread goes on.
     *
     * @throws io.lockweave.LockDeadlockException if it cannot
     */
    static void ensureNoDeadlock(@Nullable CoreSubscriber<?> subscriber, CompletableFuture<?> acquiring) {
        if (subscriber == null || acquiring.isDone() || Schedulers.isInNonBlockingThread() || !blocks(subscriber)) {
            return;
        }
        try {
            acquiring.get(1, TimeUnit.NANOSECONDS); // fails as the wait of the thread would
        } catch (TimeoutException | ExecutionException e) {
            // it waits, or what came of it reaches the subscriber
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean blocks(CoreSubscriber<?> subscriber) {
        return Scannable.from(subscriber)
                .actuals()
                .anyMatch(actual -> actual.getClass().getName().startsWith(NAME));
    }
}
