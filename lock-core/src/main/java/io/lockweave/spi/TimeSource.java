package io.lockweave.spi;

import java.util.concurrent.locks.LockSupport;

/**
 * The one place where time comes from: monotonic, in nanoseconds, never the wall clock. A test replaces it by a clock
 * that it moves by hand.
 */
public interface TimeSource {

    /** The monotonic clock of the JVM. */
    static TimeSource system() {
        return SystemTimeSource.INSTANCE;
    }

    /** Now; only differences mean anything. */
    long nanoTime();

    /**
     * As {@link LockSupport#parkNanos(Object, long)} by this clock: returns at the latest after the time, perhaps
     * sooner.
     */
    void parkNanos(Object blocker, long nanos);
}

/** The JVM's own clock. */
enum SystemTimeSource implements TimeSource {
    INSTANCE;

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
        LockSupport.parkNanos(blocker, nanos);
    }
}
