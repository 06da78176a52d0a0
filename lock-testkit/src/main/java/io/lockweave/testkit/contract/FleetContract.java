package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.Fixture.SHORT;
import static io.lockweave.testkit.contract.Fixture.SLACK;
import static io.lockweave.testkit.contract.Fixture.exclusive;
import static io.lockweave.testkit.contract.HoldContract.holdElsewhere;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.spi.Capability;
import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testkit.HistoryChecker;
import io.lockweave.testkit.Together;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Rules 1, 3, 4, 5, 8, 12, 13 and 15 over several JVMs: each with an engine of its own on the same store. */
interface FleetContract extends Contract {

    private List<Locks> threeJvms() {
        return List.of(fixture().locks(), fixture().locks(), fixture().locks());
    }

    @Test
    default void rule01_aCounterSharedByJvmsLosesNothing() {
        List<Locks> jvms = threeJvms();
        LockKey key = fixture().key();
        int[] counter = new int[1];
        Together.run(6, i -> {
            for (int n = 0; n < 25; n++) {
                jvms.get(i % 3).run(key, () -> {
                    int before = counter[0];
                    Fixture.stumble();
                    counter[0] = before + 1;
                });
            }
            return i;
        });
        assertThat(counter[0]).isEqualTo(6 * 25);
    }

    @Test
    default void rule04_fencesGrowInTheOrderOfEntryOverAllJvms() {
        List<Locks> jvms = threeJvms();
        LockKey key = fixture().key();
        HistoryChecker history = new HistoryChecker();
        Together.run(6, i -> {
            for (int n = 0; n < 25; n++) {
                try (HeldLock lock = jvms.get(i % 3).acquire(key)) {
                    HistoryChecker.Entry entry = history.enter("thread " + i, key.toString(), lock.fence());
                    Fixture.stumble();
                    entry.exit(lock.isLost());
                }
            }
            return i;
        });
        assertThat(history.size()).isEqualTo(6 * 25);
        history.check();
    }

    @Test
    @Needs(Capability.SHARED)
    default void rule05_readersAndWritersOfSeveralJvmsNeverMix() {
        SharingContract.Mixture.run(threeJvms(), fixture().key(), 6, 15);
    }

    @Test
    @Needs(Capability.PERMITS)
    default void rule05_neverMoreThanTheNumberOfPermitsAreInsideInAllJvms() {
        SharingContract.Mixture.permits(threeJvms(), fixture().key(), 2, 6, 15);
    }

    @Test
    default void rule08_aWaiterEntersWhenTheHolderInAnotherJvmLeaves() {
        Locks here = fixture().locks();
        Locks there = fixture().locks();
        LockKey key = fixture().key();
        HeldLock held = there.acquire(key);
        FutureTask<HeldLock> waiter = Together.start("waiter", () -> here.acquire(key));
        Fixture.awaitWaiters(here, key, 1);
        assertThat(waiter).isNotDone();
        long start = System.nanoTime();
        held.close();
        try (HeldLock entered = Together.result(waiter)) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SLACK);
            assertThat(entered.fence()).isGreaterThan(held.fence());
        }
    }

    @Test
    default void rule08_theBudgetHoldsAgainstAnotherJvm() {
        Locks here = fixture().locks();
        Locks there = fixture().locks();
        LockKey key = fixture().key();
        Duration wait = Duration.ofMillis(700);
        try (HeldLock held = there.acquire(key)) {
            List<Duration> times = Together.run(3, i -> {
                long start = System.nanoTime();
                assertThat(here.tryAcquire(key, LockOptions.defaults().waitTime(wait)))
                        .isEmpty();
                return Duration.ofNanos(System.nanoTime() - start);
            });
            assertThat(times).allSatisfy(time -> assertThat(time).isBetween(wait, wait.plus(SLACK)));
            assertThat(held.isHeld()).isTrue();
        }
    }

    @Test
    default void rule08_aWaitThatEndsLeavesNothingInTheStore() {
        Locks here = fixture().locks();
        LockKey key = fixture().key();
        HeldLock held = fixture().locks().acquire(key);
        FutureTask<Boolean> waiter = Together.start("waiter", () -> {
            assertThatThrownBy(() -> here.acquire(key)).isInstanceOf(LockUnavailableException.class);
            return Thread.currentThread().isInterrupted();
        });
        Fixture.awaitWaiters(here, key, 1);
        Fixture.rest(Duration.ofMillis(100));
        assertThat(here.tryAcquire(key, LockOptions.defaults().waitTime(Duration.ofMillis(100))))
                .isEmpty();
        here.acquireAsync(key).cancel(true);

        here.close();

        assertThat(Together.result(waiter)).as("nobody interrupted the waiter").isFalse();
        held.close();
        await().atMost(SLACK).untilAsserted(() -> fixture().assertFree(fixture().store(), key));
    }

    @Test
    @Needs(hooks = StoreHook.CountsItsEntries.class)
    default void rule13_nothingIsKeptInTheStoreAfterTheLastHolderAndWaiter() {
        List<Locks> jvms = threeJvms();
        StoreHook.CountsItsEntries counter = fixture().hook(StoreHook.CountsItsEntries.class);
        long before = counter.entries();
        List<LockKey> keys = List.of(
                fixture().key(), fixture().key(), fixture().key(), fixture().key());
        Together.run(6, i -> {
            for (int n = 0; n < 12; n++) {
                jvms.get(i % 3).acquire(keys.get((i + n) % 4)).close();
            }
            return i;
        });
        await().atMost(SLACK).untilAsserted(() -> assertThat(counter.entries()).isLessThanOrEqualTo(before));
    }

    @Test
    default void rule15_aJvmThatIsClosedFreesItsLocksAtOnce() {
        Locks closing = fixture().locks();
        Locks other = fixture().locks();
        LockKey key = fixture().key();
        HeldLock held = closing.acquire(key);
        assertThat(other.tryAcquire(key)).isEmpty();
        closing.close();
        assertThat(held.isHeld()).isFalse();
        try (HeldLock next = other.acquire(key, LockOptions.defaults().waitTime(SLACK))) {
            held.close();
            assertThat(next.isHeld()).isTrue();
            assertThat(fixture().store().find(key)).isPresent();
        }
    }

    @Test
    default void rule12_aKeyOfAnyTextWorksFromEndToEnd() {
        Locks here = fixture().locks();
        Locks there = fixture().locks();
        for (String text : List.of("e\u0301", "\ud800", "\0", "x\r\n", "' OR '1'='1", "{x}", "y".repeat(1 << 18))) {
            LockKey key = fixture().key(text);
            try (HeldLock held = here.acquire(key)) {
                assertThat(there.tryAcquire(key)).isEmpty();
                assertThat(there.isLocked(key)).isTrue();
                assertThat(held.isHeld()).isTrue();
            }
            there.acquire(key, LockOptions.defaults().waitTime(SLACK)).close();
        }
    }

    @Test
    default void inspectSeesTheHolderInAnotherJvm() {
        Locks here = fixture().locks();
        LockKey key = fixture().key();
        assertThat(here.isLocked(key)).isFalse();
        try (HeldLock held = holdElsewhere(fixture().locks(), key)) {
            assertThat(here.isLocked(key)).isTrue();
            List<LockHolder> holders = here.inspect(key).holders();
            assertThat(holders).hasSize(1);
            assertThat(holders.get(0).fence()).isEqualTo(held.fence());
            assertThat(holders.get(0).place().thread()).isEqualTo("holder");
            assertThat(holders.get(0).place().process())
                    .isEqualTo(ProcessHandle.current().pid());
        }
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule03_aWaiterOfADeadHolderEntersAtLeaseEnd() {
        Locks locks = fixture().locks();
        LockKey key = fixture().key();
        long start = System.nanoTime();
        fixture().granted(fixture().otherStore(), exclusive(key, SHORT));
        try (HeldLock entered = locks.acquire(key)) {
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(took).isBetween(SHORT.minus(Fixture.GRANULARITY), SHORT.plus(SLACK));
            assertThat(entered.isHeld()).isTrue();
        }
    }

    @Test
    @Needs(value = Capability.CROSS_PROCESS, hooks = StoreHook.RunsElsewhere.class)
    default void rule01_aHolderInAnotherProcessExcludesThisOne() {
        Locks here = fixture().locks();
        LockKey key = fixture().key();
        ForkedHolder.Recipe recipe =
                fixture().hook(StoreHook.RunsElsewhere.class).recipe();
        try (ForkedHolder other = ForkedHolder.start(recipe, key, Fixture.LONG)) {
            long fence = other.awaitHeld();
            assertThat(here.tryAcquire(key)).isEmpty();
            assertThat(here.inspect(key).holders().get(0).place().process()).isEqualTo(other.pid());
            other.release();
            try (HeldLock entered = here.acquire(key, LockOptions.defaults().waitTime(SLACK))) {
                assertThat(entered.fence()).isGreaterThan(fence);
            }
        }
    }

    @Test
    @Needs(
            value = {Capability.CROSS_PROCESS, Capability.LEASE},
            hooks = StoreHook.RunsElsewhere.class)
    default void rule03_aKilledProcessFreesItsLockAtLeaseEnd() {
        Locks here = fixture().locks();
        LockKey key = fixture().key();
        Duration lease = Duration.ofMillis(1_500);
        ForkedHolder.Recipe recipe =
                fixture().hook(StoreHook.RunsElsewhere.class).recipe();
        try (ForkedHolder other = ForkedHolder.start(recipe, key, lease)) {
            long fence = other.awaitHeld();
            other.kill();
            long killed = System.nanoTime();
            try (HeldLock entered = here.acquire(key)) {
                assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(lease.plus(SLACK));
                assertThat(entered.fence()).isGreaterThan(fence);
            }
        }
    }

    @Test
    @Needs(
            value = {Capability.CROSS_PROCESS, Capability.LEASE},
            hooks = StoreHook.RunsElsewhere.class)
    default void rule02_aFrozenProcessThatWakesUpFreesNobodyElsesLock() {
        Locks here = fixture().locks();
        LockKey key = fixture().key();
        Duration lease = Duration.ofSeconds(1);
        ForkedHolder.Recipe recipe =
                fixture().hook(StoreHook.RunsElsewhere.class).recipe();
        try (ForkedHolder zombie = ForkedHolder.start(recipe, key, lease)) {
            long fence = zombie.awaitHeld();
            zombie.freeze();
            try (HeldLock entered = here.acquire(key)) {
                assertThat(entered.fence()).isGreaterThan(fence);
                zombie.thaw();
                zombie.awaitLost();
                zombie.release();
                assertThat(fixture().locks().tryAcquire(key))
                        .as("while held here")
                        .isEmpty();
                assertThat(entered.isHeld()).isTrue();
            }
        }
    }
}
