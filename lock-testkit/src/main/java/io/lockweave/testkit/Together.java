package io.lockweave.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs things at the same time, in daemon threads that start together by a latch. Every wait here is bounded: a task
 * that does not end within 50 s is an {@link AssertionError}.
 */
public final class Together {

    private static final long LONGEST_SECONDS = 50;

    private Together() {}

    /** A task that knows which one of several it is. */
    @FunctionalInterface
    public interface Numbered<T> {

        /** Does the work of the one with this number, from 0. */
        T call(int number) throws Exception;
    }

    /** Runs the task so many times at once and returns the results in order; the first failure is thrown. */
    public static <T> List<T> run(int threads, Numbered<T> task) {
        CountDownLatch start = new CountDownLatch(1);
        List<FutureTask<T>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            running.add(start("together-" + i, () -> {
                start.await();
                return task.call(number);
            }));
        }
        start.countDown();
        List<T> results = new ArrayList<>();
        for (FutureTask<T> future : running) {
            results.add(result(future));
        }
        return results;
    }

    /** Runs the task in a thread of its own. */
    public static <T> FutureTask<T> start(String name, Callable<T> task) {
        FutureTask<T> future = new FutureTask<>(task);
        Threads.daemon(name, future);
        return future;
    }

    /** Waits for a latch; an interrupt ends the wait. */
    public static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a task, whose own failure is thrown. */
    public static <T> T result(FutureTask<T> future) {
        try {
            return future.get(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new AssertionError("a task failed", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("a task did not end within " + LONGEST_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a task", e);
        }
    }
}
