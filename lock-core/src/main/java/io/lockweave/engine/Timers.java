package io.lockweave.engine;

import io.lockweave.spi.TimeSource;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Runs short actions at points of the monotonic clock, on one daemon thread that starts with the first of them. */
final class Timers {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    /** Orders by time around the wrap of the clock, then by number. */
    private static final Comparator<Timer> BY_TIME = (a, b) -> {
        long difference = a.at - b.at;
        return difference != 0 ? Long.signum(difference) : Long.compare(a.number, b.number);
    };

    /** A planned action. */
    final class Timer {
        private final long at;
        private final long number;
        private final Runnable action;

        private Timer(long at, long number, Runnable action) {
            this.at = at;
            this.number = number;
            this.action = action;
        }

        void cancel() {
            lock.lock();
            try {
                planned.remove(this);
            } finally {
                lock.unlock();
            }
        }
    }

    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeSet<Timer> planned = new TreeSet<>(BY_TIME);
    private long numbers;
    private @Nullable Thread thread;
    private boolean closed;

    Timers(TimeSource time) {
        this.time = time;
    }

    /** Plans an action for a time; once closed, it never runs. */
    Timer at(long nanoTime, Runnable action) {
        Thread toWake = null;
        lock.lock();
        try {
            Timer timer = new Timer(nanoTime, numbers++, action);
            if (!closed) {
                planned.add(timer);
                if (thread == null) {
                    thread = Threads.daemon("lockweave-timer", this::run);
                    thread.start();
                } else if (planned.first() == timer) {
                    toWake = thread;
                }
            }
            return timer;
        } finally {
            lock.unlock();
            LockSupport.unpark(toWake);
        }
    }

    private void run() {
        while (true) {
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
                runSafely(due.action);
            }
        }
    }

    private static void runSafely(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) { // the timer thread must outlive whatever an action throws
            LOG.log(Level.ERROR, "A timed action of the lock engine failed; later ones go on", e);
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
