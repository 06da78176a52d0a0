package io.lockweave.engine;

import io.lockweave.LockBackendException;
import io.lockweave.spi.BackgroundThreads;
import io.lockweave.spi.TimeSource;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** How the engine's threads begin and end: daemons that inherit nothing from whoever is the first to need them. */
final class Threads {

    private static final long STOP_SECONDS = 5;

    private final ThreadFactory maker;

    Threads(ThreadFactory maker) {
        this.maker = maker;
    }

    /** The usual maker; {@link #start} names the thread. */
    static Thread daemon(Runnable body) {
        return BackgroundThreads.daemon("lockweave", body);
    }

    /**
     * Starts a thread.
     *
     * @throws LockBackendException if that is not possible at the moment
     */
    Thread start(String name, Runnable body) {
        Thread thread = maker.newThread(body);
        thread.setName(name);
        try {
            thread.start();
        } catch (OutOfMemoryError e) { // how the JVM says that the system gives it no further thread
            throw LockBackendException.passing(
                    "No thread could be started for the lock engine (" + e.getMessage()
                            + "). To fix it: raise the number"
                            + " of threads this process may have (ulimit -u, pids.max of its container), or"
                            + " start fewer",
                    e);
        }
        return thread;
    }

    /** Until when whoever closes waits for threads to end, by the system's clock. */
    static long stopDeadline() {
        return TimeSource.system().nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
    }

    /** Waits, within bounds, until a thread that was told to stop has ended. */
    static void stop(@Nullable Thread thread) {
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        LockSupport.unpark(thread);
        boolean interrupted = Thread.interrupted();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
