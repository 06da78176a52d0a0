package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class HandOverBoundTest {

    private static final LockKey KEY = LockKey.of("user", 42);

    private final AtomicLong past = new AtomicLong();
    private final AtomicInteger takes = new AtomicInteger();

    private LockEngine far(Duration roundTrip) {
        MapStore store = new MapStore() {
            @Override
            public Attempt tryAcquire(Claim claim) {
                past.addAndGet(roundTrip.toNanos());
                takes.incrementAndGet();
                return super.tryAcquire(claim);
            }
        };
        TimeSource real = TimeSource.system();
        TimeSource ahead = new TimeSource() {
            @Override
            public long nanoTime() {
                return real.nanoTime() + past.get();
            }

            @Override
            public void parkNanos(Object blocker, long nanos) {
                real.parkNanos(blocker, nanos);
            }
        };
        return Engines.on(store, Threads::daemon, ahead);
    }

    @ParameterizedTest
    @CsvSource({"0, 100, 2", "1, 100, 2", "50, 100, 1", "50, 900, 2", "200, 900, 1", "200, 1100, 2"})
    void aGrantChangesHandsHereForSomeRoundTripsButNotForLonger(long roundTrip, long held, int taken) throws Exception {
        try (LockEngine locks = far(Duration.ofMillis(roundTrip))) {
            HeldLock first = locks.acquire(KEY);
            CompletableFuture<HeldLock> next = OtherThread.call(() -> locks.acquireAsync(KEY));
            past.addAndGet(TimeUnit.MILLISECONDS.toNanos(held));

            first.close();
            next.get(10, TimeUnit.SECONDS).close();

            assertThat(takes).as("asked the store").hasValue(taken);
        }
    }

    @Test
    void oneSlowAnswerAmongManyIsNotTakenForTheWay() {
        HandOverBound bound = new HandOverBound(true);
        bound.answeredAfter(TimeUnit.MICROSECONDS.toNanos(100));
        bound.answeredAfter(TimeUnit.SECONDS.toNanos(2));
        assertThat(bound.nanos()).isEqualTo(TimeUnit.SECONDS.toNanos(1));

        bound.answeredAfter(TimeUnit.MICROSECONDS.toNanos(120));

        assertThat(bound.nanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
    }
}
