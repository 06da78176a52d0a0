package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockDeadlockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LocalLocksTest {

    private static final LockKey KEY = LockKey.of("user", 42);

    private final LockEngine locks = (LockEngine) Locks.local();

    private long counter;

    @AfterEach
    void nothingIsRetained() {
        assertThat(locks.parts().gates().all()).isEmpty();
        locks.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rule01_threadsOnOneKeyLoseNoUpdate(boolean fair) throws Exception {
        int threads = 16;
        int rounds = 20_000;
        LockOptions options = LockOptions.defaults().fair(fair).waitTime(LockOptions.FOREVER);
        List<Thread> workers = new ArrayList<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int t = 0; t < threads; t++) {
            Thread worker = new Thread(() -> {
                try {
                    long last = 0;
                    for (int i = 0; i < rounds; i++) {
                        try (HeldLock held = locks.acquire(KEY, options)) {
                            assertThat(held.fence()).isGreaterThan(last);
                            last = held.fence();
                            counter++;
                        }
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            workers.add(worker);
            worker.start();
        }
        for (Thread worker : workers) {
            worker.join();
        }
        assertThat(failure).hasNullValue();
        assertThat(counter).isEqualTo((long) threads * rounds);
    }

    @Test
    void rule05_sharedHoldersStandTogetherAndExcludeAnExclusiveOne() throws Exception {
        LockOptions shared = LockOptions.defaults().shared().waitTime(Duration.ZERO);
        HeldLock first = locks.acquire(KEY, shared);
        HeldLock second = inOtherThread(() -> locks.acquire(KEY, shared));
        assertThat(inOtherThread(() -> locks.tryAcquire(KEY)).isPresent()).isFalse();
        first.close();
        assertThat(inOtherThread(() -> locks.tryAcquire(KEY)).isPresent()).isFalse();
        second.close();
        locks.tryAcquire(KEY).orElseThrow().close();
    }

    @Test
    void rule05_upgradingIsAUsageErrorAndNotASelfDeadlock() {
        try (HeldLock held = locks.acquire(KEY, LockOptions.defaults().shared())) {
            assertThatThrownBy(() -> locks.acquire(KEY))
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("user[42]")
                    .hasMessageContaining("take the exclusive one from the start");
        }
    }

    @Test
    void rule05_permitsNeverExceedTheirNumberAndMustAgree() throws Exception {
        LockOptions three = LockOptions.defaults().permits(3).waitTime(Duration.ZERO);
        List<HeldLock> held = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            held.add(inOtherThread(() -> locks.acquire(KEY, three)));
        }
        assertThat(locks.tryAcquire(KEY, three)).isEmpty();
        assertThatThrownBy(() -> locks.acquire(KEY, three.permits(4)))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("3 permits")
                .hasMessageContaining("4 permits");
        held.forEach(HeldLock::close);
        locks.acquire(KEY, three.permits(4)).close();
    }

    @Test
    void rule06_theOwnerEntersAgainWithTheSameFenceAndOnlyTheLastCloseReleases() throws Exception {
        HeldLock outer = locks.acquire(KEY);
        HeldLock inner = locks.acquire(KEY);
        assertThat(inner.fence()).isEqualTo(outer.fence());
        outer.close();
        outer.close();
        assertThat(inOtherThread(() -> locks.tryAcquire(KEY)).isPresent()).isFalse();
        inner.close();
        inner.close();
        inOtherThread(() -> locks.tryAcquire(KEY)).orElseThrow().close();
    }

    @Test
    void rule08_anInterruptEndsTheWaitAndKeepsTheFlag() throws Exception {
        HeldLock held = locks.acquire(KEY);
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                locks.acquire(KEY, LockOptions.defaults().waitTime(LockOptions.FOREVER));
            } catch (RuntimeException e) {
                flag.complete(Thread.currentThread().isInterrupted());
                outcome.complete(e);
            }
        });
        waiter.start();
        while (locks.inspect(KEY).waiters().isEmpty()) {
            Thread.onSpinWait();
        }
        waiter.interrupt();
        assertThat(outcome.get(5, TimeUnit.SECONDS)).isInstanceOf(LockUnavailableException.class);
        assertThat(flag.get()).isTrue();
        assertThat(locks.inspect(KEY).waiters()).isEmpty();
        held.close();
    }

    @Test
    void rule06_oppositeOrdersAreFoundBeforeTheyBlock() throws Exception {
        LockKey other = LockKey.of("user", 43);
        CyclicBarrier both = new CyclicBarrier(2);
        CompletableFuture<Throwable> one = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try (HeldLock a = locks.acquire(KEY)) {
                both.await();
                try (HeldLock b = locks.acquire(other)) {
                    one.complete(null);
                }
            } catch (Throwable e) {
                one.complete(e);
            }
        });
        thread.start();
        Throwable mine = null;
        try (HeldLock b = locks.acquire(other)) {
            both.await();
            try (HeldLock a = locks.acquire(KEY)) {
                assertThat(a.isHeld()).isTrue();
            }
        } catch (LockDeadlockException e) {
            mine = e;
        }
        Throwable theirs = one.get(5, TimeUnit.SECONDS);
        thread.join();
        Throwable refused = mine != null ? mine : theirs;
        assertThat(refused).isInstanceOf(LockDeadlockException.class);
        assertThat(refused.getMessage()).contains("user[42]").contains("user[43]");
        assertThat(mine == null || theirs == null).isTrue();
    }

    @Test
    void rule08_aCancelledAsyncWaitLeavesNothingBehind() throws Exception {
        HeldLock held = locks.acquire(KEY);
        CompletableFuture<HeldLock> wait = locks.acquireAsync(LockKey.of("user", 42), LockOptions.defaults());
        CompletableFuture<HeldLock> other = inOtherThread(() -> locks.acquireAsync(KEY));
        assertThat(wait.get(5, TimeUnit.SECONDS).fence()).isEqualTo(held.fence());
        other.cancel(true);
        while (!locks.inspect(KEY).waiters().isEmpty()) {
            Thread.onSpinWait();
        }
        held.close();
        wait.get().close();
    }

    private static <T> T inOtherThread(java.util.concurrent.Callable<T> work) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.start();
        return result.get(10, TimeUnit.SECONDS);
    }
}
