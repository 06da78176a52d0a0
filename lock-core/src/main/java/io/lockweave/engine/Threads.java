package io.lockweave.engine;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** How the engine's threads are made and ended: daemons, named, and gone a while after their last work. */
final class Threads {

    private static final long IDLE_SECONDS = 10;
    private static final long STOP_SECONDS = 5;

    private Threads() {}

    static Thread daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }

    /** A pool of up to so many threads, none while there is nothing to do. */
    static ThreadPoolExecutor pool(String name, int most) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory factory = body -> daemon(name + "-" + number.incrementAndGet(), body);
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        pool.allowCoreThreadTimeOut(true);
        return pool;
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

    /** Lets queued work finish within bounds, then interrupts what runs; returns what had not begun. */
    static List<Runnable> stop(ThreadPoolExecutor pool) {
        List<Runnable> left = List.of();
        pool.shutdown();
        boolean interrupted = Thread.interrupted();
        try {
            if (!pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                left = pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            left = pool.shutdownNow();
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return left;
    }
}
