package io.lockweave.testkit;

import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A clock that stands still until it is moved by hand. Threads that park by it go on when it has been moved past their
 * time, when they are unparked or when they are interrupted. Safe for use from any thread.
 *
 * <p>A test waits with {@link #awaitParked} until the threads it drives are asleep, then moves the clock.
 */
public final class ManualClock implements TimeSource {

    private static final long PATIENCE_SECONDS = 60;

    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition oneMoreParked = mutex.newCondition();
    /** Who is parked, and until when. */
    private final Map<Thread, Long> parked = new HashMap<>();

    private long now;

    /** A clock that shows this time, in nanoseconds; only differences mean anything. */
    public static ManualClock startingAt(long nanoTime) {
        ManualClock clock = new ManualClock();
        clock.now = nanoTime;
        return clock;
    }

    @Override
    public long nanoTime() {
        mutex.lock();
        try {
            return now;
        } finally {
            mutex.unlock();
        }
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
        if (nanos <= 0 || Thread.currentThread().isInterrupted()) {
            return;
        }
        Thread thread = Thread.currentThread();
        mutex.lock();
        try {
            // as far away as the clock can tell apart
            parked.put(thread, now + Math.min(nanos, Long.MAX_VALUE / 2));
            oneMoreParked.signalAll();
        } finally {
            mutex.unlock();
        }
        try {
            // if the clock was moved in between, the permit of its unpark is there already
            LockSupport.park(blocker);
        } finally {
            mutex.lock();
            try {
                parked.remove(thread);
            } finally {
                mutex.unlock();
            }
        }
    }

    /** Moves the clock and wakes the threads whose time has come. */
    public void advance(Duration time) {
        List<Thread> due = new ArrayList<>();
        mutex.lock();
        try {
            now += time.toNanos();
            parked.forEach((thread, until) -> {
                if (now - until >= 0) {
                    due.add(thread);
                }
            });
            due.forEach(parked::remove);
        } finally {
            mutex.unlock();
        }
        due.forEach(LockSupport::unpark);
    }

    /** How many threads are parked by this clock. */
    public int parked() {
        mutex.lock();
        try {
            return parked.size();
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Waits until at least so many threads are parked by this clock. Threads that a call to {@link #advance} has woken
     * do not count until they park again.
     *
     * @throws IllegalStateException if that does not happen within a minute of real time, or on an interrupt
     */
    public void awaitParked(int threads) {
        mutex.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (parked.size() < threads) {
                if (left <= 0) {
                    throw new IllegalStateException("waited " + PATIENCE_SECONDS + " s for " + threads
                            + " threads to park, and these have: " + parked.keySet());
                }
                left = oneMoreParked.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + threads + " threads to park", e);
        } finally {
            mutex.unlock();
        }
    }
}
