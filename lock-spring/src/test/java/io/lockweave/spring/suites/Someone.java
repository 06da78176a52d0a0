package io.lockweave.spring.suites;

import io.lockweave.testkit.Together;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Another thread at work, which can be interrupted. Every wait for it is bounded. */
record Someone<T>(Thread thread, FutureTask<T> task) {

    /** Begins the work at once. */
    static <T> Someone<T> begins(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "someone");
        thread.setDaemon(true);
        thread.start();
        return new Someone<>(thread, task);
    }

    /** Does the work and gives its result. */
    static <T> T does(Callable<T> work) {
        return begins(work).result();
    }

    void interrupt() {
        thread.interrupt();
    }

    boolean isDone() {
        return task.isDone();
    }

    T result() {
        return Together.result(task);
    }

    /** What the work failed with; null if it did not fail. */
    Throwable failure() {
        try {
            result();
            return null;
        } catch (AssertionError e) {
            return e.getCause() == null ? e : e.getCause();
        } catch (RuntimeException e) {
            return e;
        }
    }
}
