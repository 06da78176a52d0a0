package io.lockweave.testkit.contract;

import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Real time that can be made to jump ahead, so that a test need not wait for a lease to end. */
final class SkippingClock implements TimeSource {

    private final AtomicLong skipped = new AtomicLong();

    void skip(Duration time) {
        skipped.addAndGet(time.toNanos());
    }

    @Override
    public long nanoTime() {
        return System.nanoTime() + skipped.get();
    }

    @Override
    public void parkNanos(Object blocker, long nanos) {
        LockSupport.parkNanos(blocker, nanos);
    }
}
