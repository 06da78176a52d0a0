package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.local.LocalBackend;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A moment in which no thread can be started costs time and nothing else: once it is over, everything works. */
@Timeout(60)
class NoThreadsTest {

    private static final LockKey KEY = LockKey.of("user", 42);
    static final LockOptions SHORT =
            LockOptions.defaults().leaseTime(Duration.ofMillis(200)).renew(false);

    private final FewThreads threads = new FewThreads();

    @Test
    void rule20_timersRunAfterwards() throws Exception {
        Timers timers = new Timers(TimeSource.system(), new Threads(threads));
        threads.none = true;
        assertThatThrownBy(() -> timers.at(System.nanoTime(), () -> {})).isInstanceOf(LockBackendException.class);
        threads.none = false;
        CountDownLatch ran = new CountDownLatch(1);
        timers.at(System.nanoTime(), ran::countDown);
        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
        timers.close();
    }

    @Test
    void rule20_theCoarseClockDoesNotStandStillAfterwards() {
        Timers timers = new Timers(TimeSource.system(), new Threads(threads));
        CoarseClock clock = new CoarseClock(TimeSource.system(), timers, () -> {});
        threads.none = true;
        long first = clock.now();
        threads.none = false;
        OtherThread.until(() -> clock.now() - first > TimeUnit.MILLISECONDS.toNanos(50));
        timers.close();
    }

    @Test
    void rule20_aLeaseWithoutRenewalIsRefusedOrEnds() throws Exception {
        try (LockEngine locks = Engines.on(new LocalBackend(), threads)) {
            threads.none = true;
            assertThatThrownBy(() -> locks.acquire(KEY, SHORT))
                    .isInstanceOf(LockBackendException.class)
                    .hasMessageContaining("To fix it: ");
            threads.none = false;
            HeldLock held = locks.acquire(KEY, SHORT);
            OtherThread.call(() -> locks.acquire(KEY)).close();
            assertThat(held.isLost()).isTrue();
            assertThat(locks.parts().gates().all()).isEmpty();
        }
    }

    @Test
    void rule20_aGrantIsRenewedOnceAThreadCanBeStarted() {
        AtomicInteger renewals = new AtomicInteger();
        MapStore store = new MapStore() {
            @Override
            public List<Renewal> renew(List<Grant> grants, Duration lease) {
                renewals.incrementAndGet();
                return super.renew(grants, lease);
            }
        };
        try (LockEngine locks = Engines.on(store, threads)) {
            HeldLock held = locks.acquire(KEY, LockOptions.defaults().leaseTime(Duration.ofSeconds(2)));
            threads.none = true;
            OtherThread.until(() -> threads.refused.get() > 0);
            threads.none = false;
            OtherThread.until(() -> renewals.get() >= 3);
            assertThat(held.isHeld()).isTrue();
            held.close();
        }
    }

    @Test
    void rule20_noGrantIsTakenThatNobodyCouldRenew() throws Exception {
        MapStore store = new MapStore();
        try (LockEngine locks = Engines.on(store, threads)) {
            threads.none = true;
            assertThatThrownBy(() -> locks.acquire(KEY, LockOptions.defaults().waitTime(Duration.ofMillis(50))))
                    .isInstanceOf(LockBackendException.class);
            assertThat(store.held).isEmpty();
            OtherThread<HeldLock> patient = OtherThread.start(() -> locks.acquire(KEY));
            OtherThread.until(() -> threads.refused.get() > 3);
            threads.none = false;
            patient.result().close();
        }
    }

    @Test
    void rule20_anAsynchronousClaimIsServedAndTheOneWhoReleasesSeesNothingOfIt() throws Exception {
        try (LockEngine locks = Engines.on(new LocalBackend(), threads)) {
            HeldLock held = OtherThread.call(() -> locks.acquire(KEY));
            CompletableFuture<HeldLock> waiting = locks.acquireAsync(KEY);
            threads.none = true;
            assertThatCode(held::close).doesNotThrowAnyException();
            threads.none = false;
            waiting.get(10, TimeUnit.SECONDS).close();
        }
    }

    @Test
    void rule20_aLossIsTold() throws Exception {
        try (LockEngine locks = Engines.on(new LocalBackend(), threads)) {
            HeldLock held = locks.acquire(KEY);
            CountDownLatch told = new CountDownLatch(1);
            held.onLost(lost -> told.countDown());
            threads.none = true;
            assertThat(locks.forceRelease(KEY)).isTrue();
            threads.none = false;
            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void rule20_aSubmittedTaskRuns() throws Exception {
        try (LockEngine locks = Engines.on(new LocalBackend(), threads)) {
            threads.none = true;
            assertThat(locks.submit(List.of(KEY), LockOptions.defaults(), () -> "no timer either"))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(LockBackendException.class);
            threads.none = false;
            locks.acquire(KEY).close(); // starts the timer
            threads.none = true;
            CompletableFuture<String> result = locks.submit(List.of(KEY), LockOptions.defaults(), () -> "ran");
            threads.none = false;
            assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo("ran");
        }
    }

    @Test
    void rule20_aClaimThatWasGivenUpIsWithdrawn() throws Exception {
        AtomicInteger withdrawn = new AtomicInteger();
        MapStore store = new MapStore() {
            @Override
            public void withdraw(Claim claim) {
                withdrawn.incrementAndGet();
                super.withdraw(claim);
            }
        };
        try (LockEngine locks = Engines.on(store, threads);
                LockEngine others = Engines.on(store, new FewThreads())) {
            HeldLock held = others.acquire(KEY);
            OtherThread<HeldLock> waiter = OtherThread.start(() -> locks.acquire(KEY));
            OtherThread.until(() -> !store.wakers.isEmpty());
            threads.none = true;
            waiter.interrupt();
            assertThat(waiter.failure()).isInstanceOf(LockException.class);
            threads.none = false;
            OtherThread.until(() -> withdrawn.get() > 0);
            held.close();
            locks.acquire(KEY).close();
        }
    }

    /** Whichever of the engine's threads it is that cannot be started. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void rule20_anyOneStartMayFail(int number) throws Exception {
        threads.failing = number;
        MapStore store = new MapStore();
        try (LockEngine locks = Engines.on(store, threads)) {
            LockOptions options = LockOptions.defaults().leaseTime(Duration.ofMillis(900));
            HeldLock kept = locks.acquire(LockKey.of("kept"), options);
            CountDownLatch lost = new CountDownLatch(1);
            locks.acquire(LockKey.of("lost"), options).onLost(why -> lost.countDown());
            HeldLock held = OtherThread.call(() -> locks.acquire(KEY, options));
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                all.add(locks.acquireAsync(KEY, options).thenAccept(HeldLock::close));
                all.add(locks.submit(List.of(LockKey.of("task", i)), options, () -> "done"));
            }
            locks.acquireAsync(KEY, options).cancel(true);
            held.close();
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
            locks.forceRelease(LockKey.of("lost"));
            assertThat(lost.await(10, TimeUnit.SECONDS)).isTrue();
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_200);
            OtherThread.until(() -> System.nanoTime() - end > 0);
            assertThat(kept.isHeld()).as("renewed for longer than its lease").isTrue();
            kept.close();
            OtherThread.until(store.held::isEmpty);
            OtherThread.until(() -> locks.parts().gates().all().isEmpty());
        }
    }
}
