package io.lockweave.engine;

import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A clock that a test moves by hand. It begins shortly before its numbers turn negative. */
final class HandClock implements TimeSource {

    private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5);

    /** Who has parked since it was last woken; its monitor guards it. */
    private final Set<Thread> parked = new HashSet<>();

    private volatile long now = START;

    /** What it shows this long after it began. */
    static long at(Duration sinceStart) {
        return START + sinceStart.toNanos();
    }

    @Override
    public long nanoTime() {
        return now;
    }

    /** Parks until woken: the time says nothing, since it stands still. */
    @Override
    public void parkNanos(Object blocker, long nanos) {
        if (nanos <= 0) {
            return;
        }
        Thread me = Thread.currentThread();
        synchronized (parked) {
            parked.add(me);
        }
        LockSupport.park(blocker);
        synchronized (parked) {
            parked.remove(me);
        }
    }

    /** Moves it on; nobody is woken. For what is meant to take that long. */
    void pass(Duration time) {
        now = now + time.toNanos();
    }

    /** Sets it, and waits until the timer's thread has done what was due and parks again. */
    void moveTo(Duration sinceStart) {
        now = at(sinceStart);
        awaitParked(); // perhaps by the time before
        wakeAll();
        awaitParked();
    }

    private void awaitParked() {
        OtherThread.until(() -> {
            synchronized (parked) {
                return !parked.isEmpty();
            }
        });
    }

    private void wakeAll() {
        List<Thread> woken;
        synchronized (parked) {
            woken = List.copyOf(parked);
            parked.clear();
        }
        woken.forEach(LockSupport::unpark);
    }
}
