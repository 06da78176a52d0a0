package io.lockweave.jdbc.session;

import io.lockweave.spi.BackgroundThreads;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The thread on which a session's statements run. An interrupt closes the socket that a virtual thread waits on, which
 * would end the session with the locks of everybody; here it reaches nobody but the caller.
 */
final class SessionThread implements AutoCloseable {

    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(task -> BackgroundThreads.daemon("lockweave-jdbc-session", task));

    /** Runs it and waits for its end; an interrupt of the caller meanwhile stays in its flag. */
    <T> T run(Callable<T> step) throws SQLException {
        Future<T> future = thread.submit(step);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static SQLException failure(@Nullable Throwable cause) {
        if (cause instanceof SQLException e) {
            return e;
        }
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        if (cause instanceof Error e) {
            throw e;
        }
        return new SQLException(cause);
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
