package io.lockweave.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockKey;
import io.lockweave.Locks;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RaceTest {

    private int points;

    @Test
    void unguardedCodeLosesUpdatesAndTheMessageSaysHowMany() {
        Race.Result result = Race.of(64, 8).run(() -> {
            int before = points;
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            points = before + 1;
        });
        assertThat(points).isLessThan(64);
        assertThatThrownBy(() -> result.assertTotal(64, points))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining((64 - points) + " of 64 updates were lost")
                .hasMessageContaining("64 runs in 8 threads");
    }

    @Test
    void guardedCodeLosesNothing() {
        try (Locks locks = Locks.local()) {
            Race.Result result = Race.of(10_000, 8).run(() -> locks.run(LockKey.of("points"), () -> points++));
            result.assertTotal(10_000, points);
            assertThat(result.perSecond()).isPositive();
            assertThat(result.p50()).isPositive().isLessThanOrEqualTo(result.p99());
            assertThat(result.p99()).isLessThanOrEqualTo(result.took());
        }
    }

    @Test
    void everyRunHappensOnceAndInAllThreads() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        AtomicInteger runs = new AtomicInteger();
        Race.of(103, 10).run(() -> {
            threads.add(Thread.currentThread());
            runs.incrementAndGet();
        });
        assertThat(runs).hasValue(103);
        assertThat(new HashSet<>(threads)).hasSize(10);
    }

    @Test
    void aTotalThatIsTooLargeIsAnErrorAsWell() {
        Race.Result result = Race.of(2, 1).run(() -> {});
        assertThatThrownBy(() -> result.assertTotal(2, 3)).hasMessageContaining("1 updates more than the expected 2");
    }

    @Test
    void aRunThatFailsFailsTheRaceWithItsCause() {
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> Race.of(10, 2).run(() -> {
                    if (runs.incrementAndGet() % 2 == 0) {
                        throw new IllegalStateException("every second");
                    }
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("5 of 10 runs failed")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRaceThatHangsEndsWithTheStackOfAThread() {
        CountDownLatch never = new CountDownLatch(1);
        assertThatThrownBy(() -> Race.of(2, 2).within(Duration.ofMillis(200)).run(never::await))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("did not end within PT0.2S")
                .satisfies(e -> assertThat(e.getStackTrace())
                        .extracting(StackTraceElement::getMethodName)
                        .contains("await"));
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> Race.of(1, 2)).hasMessageContaining("times = 1, threads = 2");
        assertThatThrownBy(() -> Race.of(0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
