package io.lockweave.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.testkit.Together;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Rules 1, 4, 6, 9, 13 and 15 inside one JVM. */
interface HoldContract extends Contract {

    @Test
    default void rule01_aCounterUnderTheLockLosesNothing() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        int[] counter = new int[1];
        Together.run(8, i -> {
            for (int n = 0; n < 50; n++) {
                locks.run(key, () -> counter[0] = slowly(counter[0]) + 1);
            }
            return i;
        });
        assertThat(counter[0]).isEqualTo(8 * 50);
        assertThat(locks.isLocked(key)).isFalse();
    }

    private static int slowly(int value) {
        Fixture.stumble();
        return value;
    }

    @Test
    default void rule04_fencesGrowInTheOrderOfEntry() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        List<Long> fences = new ArrayList<>();
        Together.run(6, i -> {
            for (int n = 0; n < 40; n++) {
                try (HeldLock lock = locks.acquire(key)) {
                    fences.add(lock.fence());
                }
            }
            return i;
        });
        assertThat(fences).hasSize(6 * 40).isSorted().doesNotHaveDuplicates();
    }

    @Test
    default void rule04_reentryKeepsTheFence() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        try (HeldLock outer = locks.acquire(key);
                HeldLock inner = locks.acquire(key)) {
            assertThat(inner.fence()).isEqualTo(outer.fence()).isPositive();
        }
    }

    @Test
    default void rule06_onlyTheOutermostCloseReleases() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        HeldLock outer = locks.acquire(key);
        HeldLock middle = locks.acquire(key);
        HeldLock inner = locks.tryAcquire(key).orElseThrow();
        assertBusyForOthers(locks, key);
        inner.close();
        inner.close();
        middle.close();
        assertThat(outer.isHeld()).isTrue();
        assertBusyForOthers(locks, key);
        outer.close();
        assertThat(outer.isHeld()).isFalse();
        assertFreeForOthers(locks, key);
    }

    @Test
    default void rule06_aScopeReentersFromEveryThreadItIsBoundTo() throws Exception {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        LockScope scope = LockScope.named("contract");
        HeldLock outer = scope.call(() -> locks.acquire(key));
        HeldLock inner = Together.result(Together.start("scoped", () -> scope.call(() -> locks.acquire(key))));
        assertThat(inner.fence()).isEqualTo(outer.fence());
        assertBusyForOthers(locks, key);
        assertThat(locks.tryAcquire(key)).as("this thread outside the scope").isEmpty();
        outer.close();
        assertBusyForOthers(locks, key);
        inner.close();
        assertFreeForOthers(locks, key);
    }

    @Test
    default void rule06_aHoldIsClosedFromAnotherThread() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        HeldLock held = locks.acquire(key);
        Together.result(Together.start("closer", () -> {
            held.close();
            return held;
        }));
        assertFreeForOthers(locks, key);
    }

    @Test
    default void rule09_theBodysOwnFailureComesOutUnchangedAndTheLockIsFree() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        for (Throwable failure : List.of(
                new IOException("checked"),
                new IllegalStateException("unchecked"),
                new AssertionError("error"),
                LockUnavailableException.closed(key, Fixture.SHORT))) {
            assertThatThrownBy(() -> locks.call(key, () -> {
                        if (failure instanceof Error error) {
                            throw error;
                        }
                        throw (Exception) failure;
                    }))
                    .isSameAs(failure)
                    .hasNoSuppressedExceptions();
            assertFreeForOthers(locks, key);
        }
    }

    @Test
    default void rule13_nothingIsInSightAfterTheLastRelease() {
        Locks locks = fixture().locks();
        for (int i = 0; i < 100; i++) {
            LockKey key = fixture().key();
            HeldLock held = locks.acquire(key);
            assertThat(locks.inspect(key).holders()).hasSize(1);
            held.close();
        }
        assertThat(locks.inspect())
                .filteredOn(info -> info.key().contains(fixture().unique("")))
                .isEmpty();
    }

    @Test
    default void rule15_closingEndsAllWaitsAndRefusesNewOnes() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        HeldLock held = holdElsewhere(locks, key);
        List<FutureTask<HeldLock>> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(Together.start("waiter", () -> locks.acquire(key)));
        }
        Fixture.awaitWaiters(locks, key, 3);

        locks.close();

        for (FutureTask<HeldLock> waiter : waiting) {
            assertThatThrownBy(() -> Together.result(waiter)).isInstanceOf(LockUnavailableException.class);
        }
        assertThatThrownBy(() -> locks.acquire(key)).isInstanceOf(LockUnavailableException.class);
        assertThatThrownBy(() -> locks.tryAcquire(key)).isInstanceOf(LockUnavailableException.class);
        assertThat(held.isHeld()).isFalse();
        held.close();
        locks.close();
    }

    @Test
    default void rule15_noThreadStaysAfterClosing() {
        useAndClose(); // what a driver starts once for the whole JVM may stay
        // threads belong to the group of the thread that starts them
        ThreadGroup group = new ThreadGroup("rule15");
        FutureTask<Boolean> task = new FutureTask<>(this::useAndClose, true);
        new Thread(group, task, "user").start();
        assertThat(Together.result(task)).isTrue();
        await().pollInSameThread().atMost(Fixture.SLACK.multipliedBy(2)).untilAsserted(() -> assertThat(alive(group))
                .isEmpty());
    }

    private static List<Thread> alive(ThreadGroup group) {
        Thread[] threads = new Thread[group.activeCount() + 16];
        int count = group.enumerate(threads);
        return Arrays.asList(threads).subList(0, count);
    }

    private void useAndClose() {
        Locks locks = fixture().locks(builder -> builder.leaseTime(Fixture.SHORT));
        LockKey key = fixture().key();
        HeldLock held = holdElsewhere(locks, key);
        assertThat(locks.tryAcquire(key, LockOptions.defaults().waitTime(Fixture.SHORT.dividedBy(2))))
                .isEmpty();
        CompletableFuture<HeldLock> waiting = locks.acquireAsync(key);
        locks.submit(List.of(fixture().key()), LockOptions.defaults(), () -> held)
                .join();
        locks.close();
        assertThat(waiting)
                .failsWithin(Fixture.LONG)
                .withThrowableThat()
                .withCauseInstanceOf(LockUnavailableException.class);
    }

    @Test
    default void inspectTellsWhoHoldsAndWhoWaits() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        assertThat(locks.isLocked(key)).isFalse();
        try (HeldLock held = holdElsewhere(locks, key)) {
            FutureTask<HeldLock> waiter = Together.start("waiter", () -> locks.acquire(key));
            Fixture.awaitWaiters(locks, key, 1);
            assertThat(locks.isLocked(key)).isTrue();
            assertThat(locks.inspect(key).holders()).singleElement().satisfies(holder -> {
                assertThat(holder.place().thread()).isEqualTo("holder");
                assertThat(holder.fence()).isEqualTo(held.fence());
            });
            assertThat(locks.inspect(key).waiters())
                    .singleElement()
                    .satisfies(w -> assertThat(w.place().thread()).isEqualTo("waiter"));
            held.close();
            Together.result(waiter).close();
        }
    }

    /** Holds the key for an owner that is not this thread. */
    static HeldLock holdElsewhere(Locks locks, LockKey key) {
        return holdElsewhere(locks, key, LockOptions.defaults());
    }

    /** Holds the key for an owner that is not this thread. */
    static HeldLock holdElsewhere(Locks locks, LockKey key, LockOptions options) {
        return Together.result(Together.start("holder", () -> locks.acquire(key, options)));
    }

    /** Asserts that an owner that is not this thread finds the key busy. */
    static void assertBusyForOthers(Locks locks, LockKey key) {
        assertThat(Together.result(Together.start("other", () -> locks.tryAcquire(key))))
                .as("%s for another thread", key)
                .isEmpty();
    }

    /** Asserts that an owner that is not this thread gets the key. */
    static void assertFreeForOthers(Locks locks, LockKey key) {
        assertThat(Together.result(Together.start("other", () -> locks.tryAcquire(
                                key, LockOptions.defaults().waitTime(Fixture.SLACK))
                        .map(lock -> {
                            lock.close();
                            return lock;
                        }))))
                .as("%s for another thread", key)
                .isPresent();
    }
}
