package io.lockweave.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.local.LocalBackend;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ManualClockTest {

    @ParameterizedTest
    @ValueSource(longs = {0, -5, Long.MAX_VALUE, Long.MIN_VALUE})
    void aParkedThreadGoesOnWhenItsTimeHasComeAndNotBefore(long start) {
        ManualClock clock = ManualClock.startingAt(start);
        FutureTask<Long> sleeper = Together.start("sleeper", () -> {
            long end = clock.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (clock.nanoTime() - end < 0) {
                clock.parkNanos(this, end - clock.nanoTime());
            }
            return clock.nanoTime() - start;
        });
        clock.awaitParked(1);
        clock.advance(Duration.ofSeconds(9));
        assertThat(clock.parked()).isEqualTo(1);
        assertThat(sleeper).isNotDone();
        clock.advance(Duration.ofSeconds(1));
        assertThat(Together.result(sleeper)).isEqualTo(Duration.ofSeconds(10).toNanos());
        assertThat(clock.parked()).isZero();
    }

    @Test
    void aParkedThreadGoesOnWhenUnparkedOrInterrupted() {
        ManualClock clock = new ManualClock();
        for (boolean interrupt : List.of(false, true)) {
            Thread[] thread = new Thread[1];
            FutureTask<Boolean> sleeper = Together.start("sleeper", () -> {
                thread[0] = Thread.currentThread();
                clock.parkNanos(this, Long.MAX_VALUE);
                return Thread.currentThread().isInterrupted();
            });
            clock.awaitParked(1);
            if (interrupt) {
                thread[0].interrupt();
            } else {
                LockSupport.unpark(thread[0]);
            }
            assertThat(Together.result(sleeper)).isEqualTo(interrupt);
        }
    }

    @Test
    void aThreadThatIsInterruptedOrHasNoTimeToWaitDoesNotPark() {
        ManualClock clock = new ManualClock();
        clock.parkNanos(this, 0);
        clock.parkNanos(this, -1);
        Thread.currentThread().interrupt();
        clock.parkNanos(this, Long.MAX_VALUE);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(clock.parked()).isZero();
    }

    @Test
    void anHourOfWaitingForALockTakesNoTime() {
        ManualClock clock = new ManualClock();
        try (Locks locks = Locks.builder(new LocalBackend()).timeSource(clock).build()) {
            LockKey key = LockKey.of("patience");
            HeldLock held = Together.result(Together.start("holder", () -> locks.acquire(key)));
            FutureTask<Optional<HeldLock>> waiter = Together.start(
                    "waiter", () -> locks.tryAcquire(key, LockOptions.defaults().waitTime(Duration.ofHours(1))));
            clock.awaitParked(1);
            clock.advance(Duration.ofMinutes(59));
            clock.awaitParked(1);
            assertThat(waiter).isNotDone();
            clock.advance(Duration.ofMinutes(1));
            assertThat(Together.result(waiter)).isEmpty();
            assertThat(held.isHeld()).isTrue();
        }
    }
}
