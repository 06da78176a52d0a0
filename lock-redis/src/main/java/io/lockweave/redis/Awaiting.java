package io.lockweave.redis;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the answers of clients that work with futures. */
final class Awaiting {

    private Awaiting() {}

    /** The server's silence. */
    static final class NoAnswer extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NoAnswer(Duration longest, Throwable cause) {
            super("no answer within " + longest.toMillis() + " ms", cause);
        }
    }

    /**
     * A future's value; an interrupt does not end the wait but is kept for later. A future that takes too long is
     * cancelled.
     */
    static <T> T answer(Future<T> future, Duration longest) {
        long deadline = System.nanoTime() + longest.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            future.cancel(false);
            throw new NoAnswer(longest, e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
