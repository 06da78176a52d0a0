package io.lockweave.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lockweave.spi.TimeSource;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Runs short actions at points of the monotonic clock, on one daemon thread that starts with the first of them and
 * stays until the end. So once something is planned, nothing depends any more on whether a thread can be started.
 */
final class Timers {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    /** How often an action that failed is tried again, the first time after this, then after twice that, and so on. */
    private static final int RETRIES = 8;

    private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(50);

    /** Orders by time around the wrap of the clock, then by number. */
    private static final Comparator<Timer> BY_TIME = (a, b) -> {
        long difference = a.at - b.at;
        return difference != 0 ? Long.signum(difference) : Long.compare(a.number, b.number);
    };

    /** A planned action; its fields are guarded by the lock of its timers, which the compiler cannot follow. */
    final class Timer {
        private final long number;
        private final Runnable action;
        private long at;
        private int failures;
        private boolean cancelled;

        private Timer(long at, long number, Runnable action) {
            this.at = at;
            this.number = number;
            this.action = action;
        }

        void cancel() {
            Stack.ensurePlenty();
            lock.lock();
            try {
                cancelled = true;
                planned.remove(this);
            } finally {
                lock.unlock();
            }
        }
    }

    private final TimeSource time;
    private final Threads threads;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final TreeSet<Timer> planned = new TreeSet<>(BY_TIME);

    @GuardedBy("lock")
    private long numbers;

    private volatile @Nullable Thread thread;

    @GuardedBy("lock")
    private boolean closed;

    /** What its thread does whenever it runs. */
    private volatile Runnable beforeEach = () -> {};

    Timers(TimeSource time, Threads threads) {
        this.time = time;
        this.threads = threads;
    }

    /**
     * Plans an action for a time; once closed, it never runs. It may be repeated if it fails.
     *
     * @throws io.lockweave.LockBackendException if there is no thread yet and none can be started; nothing is planned
     *     then
     */
    Timer at(long nanoTime, Runnable action) {
        Stack.ensurePlenty();
        Thread toWake = null;
        lock.lock();
        try {
            Timer timer = new Timer(nanoTime, numbers++, action);
            if (!closed) {
                Thread running = running();
                planned.add(timer);
                if (planned.first() == timer) {
                    toWake = running;
                }
            }
            return timer;
        } finally {
            lock.unlock();
            LockSupport.unpark(toWake);
        }
    }

    /** As {@link #at}, after this time. */
    Timer after(long nanos, Runnable action) {
        return at(time.nanoTime() + nanos, action);
    }

    /** Has this done on the thread whenever it runs, for whatever reason. */
    void beforeEach(Runnable work) {
        beforeEach = work;
    }

    /**
     * Makes sure that what is planned from now on is going to run.
     *
     * @throws io.lockweave.LockBackendException if there is no thread yet and none can be started
     */
    void ensureRunning() {
        if (thread == null) {
            Stack.ensurePlenty();
            lock.lock();
            try {
                if (!closed) {
                    running();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** The thread, started if there is none. */
    @GuardedBy("lock")
    private Thread running() {
        Thread running = thread;
        if (running == null) {
            running = threads.start("lockweave-timer", this::run);
            thread = running;
        }
        return running;
    }

    private void run() {
        while (true) {
            try {
                beforeEach.run();
                Timer due = null;
                long pause = Long.MAX_VALUE;
                lock.lock();
                try {
                    if (closed) {
                        return;
                    }
                    if (!planned.isEmpty()) {
                        pause = planned.first().at - time.nanoTime();
                        if (pause <= 0) {
                            due = planned.pollFirst();
                        }
                    }
                } finally {
                    lock.unlock();
                }
                if (due == null) {
                    time.parkNanos(this, pause);
                } else {
                    run(due);
                }
            } catch (Throwable e) { // the timer thread outlives whatever happens on it
                TimeSource.system().parkNanos(this, RETRY);
            }
        }
    }

    private void run(Timer due) {
        try {
            due.action.run();
        } catch (Throwable e) {
            again(due);
            LOG.log(
                    Level.ERROR,
                    "A timed action of the lock engine failed; it is tried again, and later ones go on",
                    e);
        }
    }

    private void again(Timer failed) {
        lock.lock();
        try {
            if (!closed && !failed.cancelled && failed.failures < RETRIES) {
                failed.at = time.nanoTime() + (RETRY << failed.failures++);
                planned.add(failed);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Drops all plans and ends the thread. */
    void close() {
        Thread running;
        lock.lock();
        try {
            closed = true;
            planned.clear();
            running = thread;
        } finally {
            lock.unlock();
        }
        Threads.stop(running);
    }
}
