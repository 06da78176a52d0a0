package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.HoldContract.assertFreeForOthers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.spi.Capability;
import io.lockweave.testkit.HistoryChecker;
import io.lockweave.testkit.Together;
import io.lockweave.testkit.fault.FaultyStore;
import io.lockweave.testkit.fault.FaultyStore.Call;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Rules 1, 2, 6, 7, 9 and 15 when the store fails between the engine and the backend under test. */
interface FailureContract extends Contract {

    /** What random faults hit. */
    List<Call> FRAGILE =
            List.of(Call.TRY_ACQUIRE, Call.RENEW, Call.RELEASE, Call.RELEASE_ALL, Call.WITHDRAW, Call.WATCH);

    @Test
    @Needs(Capability.LEASE)
    default void rule01_theHistoryHoldsUnderRandomFaults() {
        List<FaultyStore> stores = List.of(
                new FaultyStore(fixture().otherStore()),
                new FaultyStore(fixture().otherStore()),
                new FaultyStore(fixture().otherStore()));
        List<Locks> jvms = stores.stream()
                .map(store -> fixture().locksOn(store, builder -> builder.leaseTime(LossContract.LEASE)))
                .toList();
        LockKey key = fixture().key();
        HistoryChecker history = new HistoryChecker();
        long seed = System.nanoTime();
        long end = seed + Duration.ofMillis(2_500).toNanos();

        Together.run(7, i -> {
            Random random = new Random(seed + i);
            while (System.nanoTime() - end < 0) {
                if (i == 6) {
                    breakSomething(stores.get(random.nextInt(3)), random);
                } else {
                    visit(jvms.get(i % 3), key, "thread " + i, history);
                }
            }
            return i;
        });

        stores.forEach(FaultyStore::heal);
        assertThat(history.size()).as("stays, with seed %d", seed).isPositive();
        try {
            history.check();
        } catch (AssertionError e) {
            throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
        }
        fixture()
                .locks()
                .acquire(key, LockOptions.defaults().waitTime(Fixture.SLACK))
                .close();
    }

    private static void breakSomething(FaultyStore store, Random random) {
        Call call = FRAGILE.get(random.nextInt(FRAGILE.size()));
        if (random.nextBoolean()) {
            store.failing(call, 1 + random.nextInt(2));
        } else {
            store.losingReplies(call, 1 + random.nextInt(2));
        }
        Fixture.rest(Duration.ofMillis(1 + random.nextInt(10)));
    }

    private static void visit(Locks locks, LockKey key, String who, HistoryChecker history) {
        try (HeldLock lock = locks.acquire(key, LockOptions.defaults().waitTime(Duration.ofMillis(500)))) {
            HistoryChecker.Entry entry = history.enter(who, key.toString(), lock.fence());
            Fixture.rest(Duration.ofMillis(1));
            entry.exit(lock.isLost());
        } catch (LockUnavailableException | LockBackendException e) {
            // as the faults have it: not entered, or released without an answer
        }
    }

    @Test
    default void rule02_aLostReplyToAClaimIsRepaired() {
        FaultyStore faulty = new FaultyStore(fixture().otherStore());
        Locks here = fixture().locksOn(faulty, builder -> builder);
        LockKey key = fixture().key();
        faulty.losingReplies(Call.TRY_ACQUIRE, 1);
        try (HeldLock held = here.acquire(key)) {
            assertThat(held.isHeld()).isTrue();
            assertThat(fixture().locks().tryAcquire(key)).isEmpty();
        }
        assertFreeForOthers(fixture().locks(), key);
    }

    @Test
    default void rule02_aLostReplyToAReleaseIsRepaired() {
        FaultyStore faulty = new FaultyStore(fixture().otherStore());
        Locks here = fixture().locksOn(faulty, builder -> builder);
        LockKey key = fixture().key();
        HeldLock held = here.acquire(key);
        faulty.losingReplies(Call.RELEASE, 1);
        try {
            held.close();
        } catch (LockBackendException e) {
            // may say that the outcome is unknown; the lock is free all the same
        }
        assertFreeForOthers(fixture().locks(), key);
        assertFreeForOthers(here, key);
    }

    @Test
    default void rule11_aReleaseThatFailsInPassingIsRepeatedInTheBackground() {
        FaultyStore faulty = new FaultyStore(fixture().otherStore());
        Locks here = fixture().locksOn(faulty, builder -> builder);
        LockKey key = fixture().key();
        HeldLock held = here.acquire(key);
        faulty.failing(Call.RELEASE, 2);
        assertThatThrownBy(held::close).isInstanceOf(LockBackendException.class);
        assertFreeForOthers(fixture().locks(), key);
    }

    @Test
    default void rule02_aClaimGivenUpWithAnUnknownOutcomeIsTakenBack() {
        FaultyStore faulty = new FaultyStore(fixture().otherStore());
        Locks here = fixture().locksOn(faulty, builder -> builder);
        LockKey key = fixture().key();
        faulty.losingReplies(Call.TRY_ACQUIRE, Integer.MAX_VALUE);
        assertThatThrownBy(() -> here.acquire(key, LockOptions.defaults().waitTime(Duration.ZERO)))
                .isInstanceOf(LockBackendException.class);
        assertFreeForOthers(fixture().locks(), key);
    }

    @Test
    default void rule06_reentryAsksTheStoreNothing() {
        FaultyStore counted = new FaultyStore(fixture().otherStore());
        Locks here = fixture().locksOn(counted, builder -> builder);
        LockKey key = fixture().key();
        try (HeldLock outer = here.acquire(key)) {
            int asked = counted.calls();
            for (int i = 0; i < 10; i++) {
                here.acquire(key).close();
                here.run(key, () -> assertThat(outer.isHeld()).isTrue());
            }
            assertThat(counted.calls()).isEqualTo(asked);
        }
    }

    @Test
    default void rule07_aFailedReleaseDoesNotKeepTheOtherKeysLocked() {
        FaultyStore faulty = new FaultyStore(fixture().otherStore());
        Locks here = fixture().locksOn(faulty, builder -> builder);
        Locks there = fixture().locks();
        List<LockKey> keys =
                List.of(fixture().key("f1"), fixture().key("f2"), fixture().key("f3"));
        HeldLock held = here.acquireAll(keys);
        faulty.only(keys.get(1)).down();
        assertThatThrownBy(held::close).isInstanceOf(LockBackendException.class);
        assertThat(held.isHeld()).isFalse();
        assertFreeForOthers(there, keys.get(0));
        assertFreeForOthers(there, keys.get(2));
        faulty.heal();
    }

    @Test
    default void rule09_theBodysFailureWinsOverTheReleases() {
        FaultyStore faulty = new FaultyStore(fixture().otherStore());
        Locks here = fixture().locksOn(faulty, builder -> builder);
        LockKey key = fixture().key();
        IllegalStateException own = new IllegalStateException("the body's own");
        assertThatThrownBy(() -> here.run(key, () -> {
                    faulty.down();
                    throw own;
                }))
                .isSameAs(own)
                .satisfies(e -> assertThat(e.getSuppressed()).hasAtLeastOneElementOfType(LockBackendException.class));
        faulty.heal();
    }

    @Test
    default void rule15_closingEndsEvenIfTheStoreIsGone() {
        FaultyStore faulty = new FaultyStore(fixture().otherStore());
        Locks here = fixture().locksOn(faulty, builder -> builder);
        LockKey key = fixture().key();
        HeldLock held = HoldContract.holdElsewhere(here, key);
        FutureTask<HeldLock> waiter = Together.start("waiter", () -> here.acquire(key));
        Fixture.awaitWaiters(here, key, 1);
        faulty.down();
        long start = System.nanoTime();
        try {
            here.close();
        } catch (LockBackendException e) {
            // it may say so, but it has to end
        }
        assertThatThrownBy(() -> Together.result(waiter)).isInstanceOf(io.lockweave.LockException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(held.isHeld()).isFalse();
        faulty.heal();
    }
}
