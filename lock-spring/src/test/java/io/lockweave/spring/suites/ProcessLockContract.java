package io.lockweave.spring.suites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.spi.LockBackend;
import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testkit.Together;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the tests of madelson's DistributedLock expect, of two clients in this process and of other processes. Much of
 * it is in the contract of every backend; here is the rest.
 *
 * <p>The methods that begin with {@code differs_} pin what is different on purpose:
 *
 * <ul>
 *   <li>an owner enters again, where there every acquisition excludes every other one
 *   <li>a handle that nobody closes is not released when it is collected: its owner may still be at work
 *   <li>an interrupt ends a wait; who need not wait gets the lock and keeps the flag
 *   <li>a wait without an end is said by a name, and a negative time is a mistake
 *   <li>there is no lock for reading that becomes one for writing: asking for it is a mistake, not a deadlock
 *   <li>a handle that was closed may still be asked, and answers that it is not held
 * </ul>
 */
@Timeout(60)
abstract class ProcessLockContract {

    private final LockKey key = LockKey.of("process", UUID.randomUUID());

    private Locks here;
    private Locks there;

    /** Makes a backend, each time as another process would. */
    abstract LockBackend newBackend();

    /** How another process makes one. */
    abstract ForkedHolder.Recipe recipe();

    @BeforeEach
    final void open() {
        here = Locks.builder(newBackend()).build();
        there = Locks.builder(newBackend()).build();
    }

    @AfterEach
    final void close() {
        Thread.interrupted();
        here.close();
        there.close();
    }

    private void assertBusyThere() {
        assertThat(there.tryAcquire(key)).isEmpty();
    }

    private void assertFreeThere() {
        there.acquire(key).close();
    }

    @Test
    void aProcessThatWaitsGetsInWhenThisOneLeaves() {
        HeldLock held = here.acquire(key);
        try (ForkedHolder other = ForkedHolder.start(recipe(), key, Duration.ofMinutes(5))) {
            held.close();
            assertThat(other.awaitHeld()).isGreaterThan(held.fence());
            assertBusyThere();
            assertThat(here.tryAcquire(key)).isEmpty();
            other.release();
        }
        assertFreeThere();
    }

    @Test
    void ofSeveralProcessesOneIsInsideAtATime() {
        AtomicInteger inside = new AtomicInteger();
        HeldLock held = here.acquire(key);
        List<ForkedHolder> others = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                others.add(ForkedHolder.start(recipe(), key, Duration.ofMinutes(5)));
            }
            inside.incrementAndGet();
            CountDownLatch watching = new CountDownLatch(2);
            List<Someone<Long>> processes = others.stream()
                    .map(other -> Someone.begins(() -> {
                        watching.countDown();
                        long fence = other.awaitHeld();
                        assertThat(inside.incrementAndGet()).isEqualTo(1);
                        inside.decrementAndGet();
                        other.release();
                        return fence;
                    }))
                    .toList();
            Together.awaitQuietly(watching);
            inside.decrementAndGet();
            held.close();
            assertThat(processes.stream().map(Someone::result))
                    .doesNotHaveDuplicates()
                    .allMatch(fence -> fence > held.fence());
        } finally {
            others.forEach(ForkedHolder::close);
        }
    }

    @Test
    void waitingInAFutureAndWaitingInAThreadExcludeEachOther() {
        HeldLock blocking = here.acquire(key);
        CompletableFuture<HeldLock> future = there.acquireAsync(key);
        assertThat(future).isNotDone();
        blocking.close();
        HeldLock async = future.orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(here.tryAcquire(key)).isEmpty();
        async.close();
        here.acquire(key).close();
    }

    @Test
    void manyFuturesOfTwoClientsGetTheLockOneAfterTheOther() {
        int[] counter = new int[1];
        AtomicInteger inside = new AtomicInteger();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Locks client = i % 2 == 0 ? here : there;
            all.add(client.acquireAsync(key, LockOptions.defaults().waitTime(Duration.ofSeconds(40)))
                    .thenAccept(held -> {
                        assertThat(inside.incrementAndGet()).isEqualTo(1);
                        counter[0]++;
                        inside.decrementAndGet();
                        held.close();
                    }));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .orTimeout(40, TimeUnit.SECONDS)
                .join();
        assertThat(counter[0]).isEqualTo(60);
        assertFreeThere();
    }

    @Test
    void cancellingAFutureThatHasTheLockTakesNothingAway() {
        CompletableFuture<HeldLock> future = here.acquireAsync(key);
        HeldLock held = future.orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(future.cancel(true)).isFalse();
        assertThat(held.isHeld()).isTrue();
        assertBusyThere();
        held.close();
        assertFreeThere();
    }

    @Test
    void whoIsInterruptedBeforehandDoesNotWait() {
        HeldLock held = there.acquire(key);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> here.acquire(key, LockOptions.defaults().waitTime(LockOptions.FOREVER)))
                .isInstanceOf(LockUnavailableException.class);
        assertThat(Thread.interrupted()).isTrue();
        held.close();
        assertFreeThere();
    }

    @Test
    void twoLocksOfOneClientDoNotShareTheirEnd() {
        HeldLock one = here.acquire(key);
        HeldLock two = here.acquire(LockKey.of("process", key.value() + "2"));
        two.close();
        assertThat(one.isHeld()).isTrue();
        assertBusyThere();
        one.close();
        assertFreeThere();
    }

    @Test
    void locksTakenTogetherInAnyOrderByTwoClientsNeverDeadlock() {
        LockKey second = LockKey.of("process", key.value() + "2");
        int[] counter = new int[1];
        Together.run(4, i -> {
            List<LockKey> keys = i < 2 ? List.of(key, second) : List.of(second, key);
            for (int n = 0; n < 10; n++) {
                try (HeldLock both = (i % 2 == 0 ? here : there).acquireAll(keys)) {
                    assertThat(both.parts()).hasSize(2);
                    counter[0]++;
                }
            }
            return i;
        });
        assertThat(counter[0]).isEqualTo(4 * 10);
    }

    @Test
    void closedByManyThreadsAtOnceItIsReleasedOnce() {
        HeldLock held = here.acquire(key);
        Together.run(6, i -> {
            held.close();
            return i;
        });
        HeldLock next = there.acquire(key);
        held.close();
        assertThat(here.tryAcquire(key)).isEmpty();
        assertThat(next.isHeld()).isTrue();
    }

    @Test
    void whoAskedToBeToldOfALossIsToldOnceAndNobodyElseIs() {
        AtomicInteger told = new AtomicInteger();
        AtomicInteger toldOfAnotherOne = new AtomicInteger();
        HeldLock closed = here.acquire(LockKey.of("process", key.value() + "2"));
        closed.onLost(lost -> toldOfAnotherOne.incrementAndGet());
        closed.close();
        HeldLock held = here.acquire(key);
        held.onLost(lost -> told.incrementAndGet());
        held.onLost(lost -> held.close());
        assertThat(here.forceRelease(key)).isTrue();
        await().until(() -> told.get() == 1);
        held.onLost(lost -> told.incrementAndGet());
        await().until(() -> told.get() == 2);
        assertThat(held.isHeld()).isFalse();
        HeldLock next = there.acquire(key);
        held.close();
        assertThat(next.isHeld()).isTrue();
        next.close();
        assertThat(told).hasValue(2);
        assertThat(toldOfAnotherOne).hasValue(0);
    }

    @Test
    void differs_anOwnerEntersAgainAndAnotherOwnerDoesNot() {
        HeldLock outer = here.acquire(key);
        HeldLock inner = here.tryAcquire(key).orElseThrow();
        assertThat(inner.isReentry()).isTrue();
        assertThat(inner.fence()).isEqualTo(outer.fence());
        LockScope.named("another owner")
                .run(() -> assertThat(here.tryAcquire(key)).isEmpty());
        inner.close();
        assertBusyThere();
        outer.close();
        assertFreeThere();
    }

    @Test
    void differs_aHandleThatWasForgottenIsNotReleasedWhenItIsCollected() {
        WeakReference<Object> collected = new WeakReference<>(new Object());
        forgetAHandle();
        await().until(() -> {
            System.gc();
            return collected.get() == null;
        });
        assertBusyThere();
        assertThat(here.inspect(key).holders()).hasSize(1);
        assertThat(here.forceRelease(key)).as("the way to end it").isTrue();
        assertFreeThere();
    }

    private void forgetAHandle() {
        Someone.does(() -> here.acquire(key).isHeld());
    }

    @Test
    void differs_anInterruptEndsAWaitAndForbidsNothingThatIsFree() {
        Thread.currentThread().interrupt();
        HeldLock held = here.acquire(key);
        assertThat(Thread.interrupted()).isTrue();
        assertBusyThere();
        held.close();
        assertFreeThere();
    }

    @Test
    void differs_aNegativeTimeIsAMistakeAndNoEndHasAName() {
        assertThatThrownBy(() -> LockOptions.defaults().waitTime(Duration.ofMillis(-1)))
                .isInstanceOf(LockUsageException.class);
        HeldLock held = there.acquire(key);
        Someone<Boolean> waiter = Someone.begins(() -> {
            try (HeldLock entered = here.acquire(key, LockOptions.defaults().waitTime(LockOptions.FOREVER))) {
                return entered.isHeld();
            }
        });
        await().until(() -> here.inspect(key).waiters().size() == 1);
        held.close();
        assertThat(waiter.result()).isTrue();
    }

    @Test
    void differs_aReaderDoesNotBecomeAWriter() {
        HeldLock reading = here.acquire(key, LockOptions.defaults().shared());
        assertThatThrownBy(() -> here.acquire(key)).isInstanceOf(LockUsageException.class);
        assertThat(reading.isHeld()).isTrue();
        there.acquire(key, LockOptions.defaults().shared()).close();
        reading.close();
        here.acquire(key).close();
    }

    @Test
    void differs_aClosedHandleMayBeAsked() {
        HeldLock held = here.acquire(key);
        held.close();
        assertThat(held.isHeld()).isFalse();
        assertThat(held.isLost()).isFalse();
        assertThat(held.remaining()).isZero();
        assertThat(held.key().value()).isEqualTo(key.value());
    }
}
