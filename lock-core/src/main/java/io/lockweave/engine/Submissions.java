package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * Tasks that wait in the queues of their keys instead of blocking a thread, and then run on workers. Each is an owner
 * of its own: it waits for whoever submitted it, too.
 */
final class Submissions {

    private static final int WORKERS = 32;

    /** Tasks that wait for other tasks need threads beside those. */
    private static final int MOST_BLOCKED = 512;

    private final Turns turns;
    private final WorkerPool workers;

    /** How a task gets its locks. */
    interface Turns {

        /** The locks for this owner, which never passes those who came before it in this JVM. */
        CompletableFuture<HeldLock> acquire(List<LockKey> keys, LockOptions options, Owner owner);
    }

    Submissions(Turns turns, Timers timers, Threads threads) {
        this.workers = new WorkerPool(
                "lockweave-worker", WORKERS, WorkerPool.Growth.WHILE_BLOCKED, MOST_BLOCKED, timers, threads);
        this.turns = turns;
    }

    <T> CompletableFuture<T> submit(List<LockKey> keys, LockOptions options, Callable<T> task) {
        Owner owner = Owner.scope("task submitted by " + Owner.current());
        CallFuture<T> result = CallFuture.of(owner);
        CompletableFuture<HeldLock> turn = turns.acquire(keys, options, owner);
        result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                turn.cancel(false);
            }
        });
        turn.whenComplete((held, failure) -> {
            if (failure != null) {
                result.completeExceptionally(CallFuture.cause(failure));
            } else {
                start(held, result, task, owner);
            }
        });
        return result;
    }

    private <T> void start(HeldLock held, CompletableFuture<T> result, Callable<T> task, Owner owner) {
        Turn<T> turn = new Turn<>(held, result, task, owner);
        if (!workers.execute(turn)) {
            turn.refuse();
        }
    }

    /**
     * A task that has its locks. It acts as the owner of its locks, so that it enters them again.
     *
     * @param held the locks
     * @param result what the submitter waits for
     * @param task what to do
     * @param owner the owner of the locks
     */
    private record Turn<T>(HeldLock held, CompletableFuture<T> result, Callable<T> task, Owner owner)
            implements Runnable {

        @Override
        public void run() {
            if (result.isDone()) {
                held.close(); // cancelled before it began
                return;
            }
            T value;
            try {
                value = callAs(owner, held, task);
            } catch (Throwable e) { // whatever the task throws is its result
                result.completeExceptionally(e);
                return;
            }
            result.complete(value);
        }

        /** The locks were closed before it began. */
        void refuse() {
            result.completeExceptionally(LockUnavailableException.closed(held.key(), Duration.ZERO));
            held.close();
        }
    }

    private static <T> T callAs(Owner owner, HeldLock held, Callable<T> task) throws Exception {
        Owner before = Owner.bind(owner);
        try {
            return TaskUnderLock.call(held, task);
        } finally {
            Owner.restore(before);
        }
    }

    /** Lets the tasks come to their end, within bounds; those that have not begun then fail. */
    void close() {
        workers.stop(Threads.stopDeadline()).forEach(left -> ((Turn<?>) left).refuse());
    }
}
