package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.HoldContract.assertFreeForOthers;
import static io.lockweave.testkit.contract.HoldContract.holdElsewhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.spi.Capability;
import io.lockweave.testkit.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Rules 8 and 11 inside one JVM: one wait budget, interrupts, cancelling. */
interface WaitContract extends Contract {

    @Test
    default void rule08_aBusyLockIsWaitedForAsLongAsAsked() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        Duration wait = Duration.ofMillis(300);
        try (HeldLock held = holdElsewhere(locks, key)) {
            assertThat(held.isHeld()).isTrue();
            long start = System.nanoTime();
            Optional<HeldLock> none =
                    locks.tryAcquire(key, LockOptions.defaults().waitTime(wait));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(none).isEmpty();
            assertThat(took).isBetween(wait, wait.plus(Fixture.SLACK));
        }
        assertFreeForOthers(locks, key);
    }

    @Test
    default void rule08_zeroDoesNotWait() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        try (HeldLock held = holdElsewhere(locks, key)) {
            assertThat(locks.tryAcquire(key)).isEmpty();
            assertThatThrownBy(() -> locks.acquire(key, LockOptions.defaults().waitTime(Duration.ZERO)))
                    .isInstanceOf(LockUnavailableException.class);
            assertThat(held.isHeld()).isTrue();
        }
    }

    @Test
    default void rule08_theBudgetIsOneForTheQueueHereAndTheStore() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        Duration wait = Duration.ofSeconds(2);
        try (HeldLock held = holdElsewhere(locks, key)) {
            List<Duration> times = Together.run(4, i -> {
                long start = System.nanoTime();
                assertThat(locks.tryAcquire(key, LockOptions.defaults().waitTime(wait)))
                        .isEmpty();
                return Duration.ofNanos(System.nanoTime() - start);
            });
            assertThat(times).allSatisfy(time -> assertThat(time).isBetween(wait, wait.plusMillis(1_500)));
            assertThat(held.isHeld()).isTrue();
        }
    }

    @Test
    default void rule08_aWaiterEntersWhenTheHolderLeaves() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        HeldLock held = holdElsewhere(locks, key);
        FutureTask<HeldLock> waiter = Together.start("waiter", () -> locks.acquire(key));
        Fixture.awaitWaiters(locks, key, 1);
        assertThat(waiter).isNotDone();
        long start = System.nanoTime();
        held.close();
        try (HeldLock entered = Together.result(waiter)) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Fixture.SLACK);
            assertThat(entered.fence()).isGreaterThan(held.fence());
        }
    }

    @Test
    default void rule08_anInterruptEndsTheWaitKeepsTheFlagAndLeavesNothingBehind() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        HeldLock held = holdElsewhere(locks, key);
        AtomicReference<Thread> thread = new AtomicReference<>();
        FutureTask<Boolean> waiter = Together.start("waiter", () -> {
            thread.set(Thread.currentThread());
            assertThatThrownBy(() -> locks.acquire(key))
                    .isInstanceOf(LockUnavailableException.class)
                    .hasMessageContaining("nterrupt");
            return Thread.currentThread().isInterrupted();
        });
        Fixture.awaitWaiters(locks, key, 1);
        long start = System.nanoTime();

        Objects.requireNonNull(thread.get()).interrupt();

        assertThat(Together.result(waiter)).as("interrupt flag after the wait").isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Fixture.SLACK);
        assertThat(locks.inspect(key).waiters()).isEmpty();
        assertThat(held.isHeld()).isTrue();
        held.close();
        assertFreeForOthers(locks, key);
        assertThat(locks.isLocked(key)).isFalse();
    }

    @Test
    default void rule08_anInterruptBeforeTheWaitEndsItAtOnce() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        try (HeldLock held = holdElsewhere(locks, key)) {
            long start = System.nanoTime();
            boolean flag = Together.result(Together.start("waiter", () -> {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> locks.acquire(key)).isInstanceOf(LockUnavailableException.class);
                return Thread.currentThread().isInterrupted();
            }));
            assertThat(flag).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Fixture.SLACK);
            assertThat(held.isHeld()).isTrue();
        }
    }

    @Test
    default void rule08_aCancelledAsyncWaitLeavesNothingBehind() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        HeldLock held = holdElsewhere(locks, key);
        CompletableFuture<HeldLock> first = locks.acquireAsync(key);
        CompletableFuture<HeldLock> second = locks.acquireAsync(key);
        Fixture.awaitWaiters(locks, key, 2);

        first.cancel(true);

        Fixture.awaitWaiters(locks, key, 1);
        held.close();
        HeldLock entered = second.join();
        assertThat(entered.fence()).isGreaterThan(held.fence());
        entered.close();
        assertFreeForOthers(locks, key);
    }

    @Test
    default void rule08_anAsyncWaitEndsWithItsBudget() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        try (HeldLock held = holdElsewhere(locks, key)) {
            CompletableFuture<HeldLock> late =
                    locks.acquireAsync(key, LockOptions.defaults().waitTime(Duration.ofMillis(200)));
            await().atMost(Fixture.SLACK).until(late::isDone);
            assertThatThrownBy(late::join).hasCauseInstanceOf(LockUnavailableException.class);
            assertThat(held.isHeld()).isTrue();
        }
    }

    @Test
    default void rule11_busyIsUnavailableAndSaysHowLongWasWaited() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        Duration wait = Duration.ofMillis(100);
        try (HeldLock held = holdElsewhere(locks, key)) {
            assertThatThrownBy(() -> locks.acquire(key, LockOptions.defaults().waitTime(wait)))
                    .isInstanceOfSatisfying(LockUnavailableException.class, e -> {
                        assertThat(e.key()).isEqualTo(key);
                        assertThat(e.waited()).isGreaterThanOrEqualTo(wait);
                        assertThat(e.holder()).hasValueSatisfying(holder -> assertThat(holder.fence())
                                .isEqualTo(held.fence()));
                    });
        }
    }

    @Test
    @Needs(Capability.FAIR)
    default void fair_threadsAreServedInTheOrderTheyCame() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        LockOptions fair = LockOptions.defaults().fair(true);
        HeldLock held = holdElsewhere(locks, key, fair);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<FutureTask<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int number = i;
            waiting.add(Together.start("waiter-" + i, () -> {
                locks.run(key, fair, () -> order.add(number));
                return number;
            }));
            Fixture.awaitWaiters(locks, key, i + 1);
        }
        held.close();
        waiting.forEach(Together::result);
        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5);
    }
}
