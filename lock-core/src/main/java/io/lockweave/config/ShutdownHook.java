package io.lockweave.config;

import io.lockweave.spi.BackgroundThreads;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Holds up the end of the JVM while work goes on under locks. Other hooks run at the same time, and may drain requests
 * that lock: so locks are neither closed nor freed here. Their threads are daemons, which renew until the JVM halts.
 */
final class ShutdownHook {

    private final BackendLocks locks;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread thread;
    private boolean removed;

    ShutdownHook(BackendLocks locks) {
        this.locks = locks;
    }

    /** Adds it unless that is done; false if it is too late because the JVM has begun to end. */
    boolean isAdded() {
        lock.lock();
        try {
            if (thread == null && !removed) {
                Thread made = BackgroundThreads.daemon("lockweave-shutdown", this::run);
                Runtime.getRuntime().addShutdownHook(made);
                thread = made;
            }
            return true;
        } catch (IllegalStateException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Takes it out, so that the JVM does not keep what belongs to an application that has ended. */
    void remove() {
        lock.lock();
        try {
            removed = true;
            if (thread != null) {
                Runtime.getRuntime().removeShutdownHook(thread);
                thread = null;
            }
        } catch (IllegalStateException e) {
            // the JVM has begun to end: it runs, or has run
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        locks.drain().join();
    }
}
