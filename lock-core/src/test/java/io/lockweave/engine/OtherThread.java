package io.lockweave.engine;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A second thread for tests of locks: runs one piece of work and keeps what came of it. */
final class OtherThread<T> {

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean interruptedAtEnd;

    private OtherThread(Callable<T> work) {
        thread = new Thread(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            } finally {
                interruptedAtEnd = Thread.currentThread().isInterrupted();
            }
        });
        thread.start();
    }

    static <T> OtherThread<T> start(Callable<T> work) {
        return new OtherThread<>(work);
    }

    /** Runs the work on another thread and waits for it. */
    static <T> T call(Callable<T> work) throws Exception {
        return start(work).result();
    }

    T result() throws Exception {
        try {
            return result.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    Throwable failure() throws Exception {
        try {
            throw new AssertionError("came to an end with " + result.get(10, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    void interrupt() {
        thread.interrupt();
    }

    boolean isDone() {
        return result.isDone();
    }

    boolean interruptedAtEnd() throws InterruptedException {
        thread.join(10_000);
        return interruptedAtEnd;
    }

    /** Waits until something is so, which another thread brings about. */
    static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("did not come about within 10 seconds");
            }
            Thread.onSpinWait();
        }
    }
}
