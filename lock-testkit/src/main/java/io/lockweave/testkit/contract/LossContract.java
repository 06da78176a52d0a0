package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.Fixture.SHORT;
import static io.lockweave.testkit.contract.Fixture.SLACK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.spi.Capability;
import io.lockweave.spi.LockStore;
import io.lockweave.testkit.fault.FaultyStore;
import io.lockweave.testkit.fault.FaultyStore.Call;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Rules 10 and 11: renewal, holds that are lost, and stores that are gone. */
interface LossContract extends Contract {

    /** A lease that is renewed several times within a test. */
    Duration LEASE = Duration.ofMillis(900);

    @Test
    @Needs(Capability.LEASE)
    default void rule10_aHoldIsRenewedForAsLongAsItLasts() {
        Locks here = fixture().locks(builder -> builder.leaseTime(LEASE));
        Locks there = fixture().locks();
        LockKey key = fixture().key();
        HeldLock held = here.acquire(key);
        long end = System.nanoTime() + LEASE.multipliedBy(3).toNanos();
        while (System.nanoTime() < end) {
            assertThat(there.tryAcquire(key)).isEmpty();
            assertThat(held.isHeld()).isTrue();
            Fixture.rest(Duration.ofMillis(50));
        }
        held.ensureHeld();
        held.close();
        assertThat(held.isLost()).isFalse();
        there.acquire(key, LockOptions.defaults().waitTime(SLACK)).close();
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule10_withoutRenewalTheLeaseIsTheBoundOfTheHold() {
        Locks here = fixture().locks();
        Locks there = fixture().locks();
        LockKey key = fixture().key();
        HeldLock stale =
                here.acquire(key, LockOptions.defaults().leaseTime(SHORT).renew(false));
        AtomicInteger told = new AtomicInteger();
        stale.onLost(lost -> told.incrementAndGet());
        try (HeldLock next = there.acquire(key)) {
            await().atMost(SLACK).untilAsserted(() -> assertThat(told).hasValue(1));
            assertThat(stale.isLost()).isTrue();
            assertThat(stale.isHeld()).isFalse();
            assertThat(stale.remaining()).isZero();
            assertThatThrownBy(stale::ensureHeld).isInstanceOf(LockLostException.class);
            stale.close();
            assertThat(next.fence()).isGreaterThan(stale.fence());
            assertThat(fixture().locks().tryAcquire(key))
                    .as("after the stale holder's close")
                    .isEmpty();
        }
    }

    @Test
    default void rule10_aHoldThatWasForcedOpenIsLostAndNeverTakenBack() {
        Locks here = fixture().locks(builder -> builder.leaseTime(LEASE));
        LockKey key = fixture().key();
        HeldLock held = here.acquire(key);
        AtomicInteger told = new AtomicInteger();
        held.onLost(lost -> told.incrementAndGet());

        assertThat(fixture().locks().forceRelease(key)).isTrue();

        await().atMost(LEASE.plus(SLACK)).until(held::isLost);
        await().atMost(SLACK).untilAsserted(() -> assertThat(told).hasValue(1));
        assertThat(fixture().store().find(key)).isEmpty();
        held.close();
        fixture().assertFree(fixture().store(), key);
    }

    @Test
    @Needs(hooks = StoreHook.LosesItsData.class)
    default void rule10_aStoreThatLostItsDataLosesItsHolders() {
        Locks here = fixture().locks(builder -> builder.leaseTime(LEASE));
        LockKey key = fixture().key();
        AtomicBoolean lost = new AtomicBoolean();
        assertThatThrownBy(() -> here.run(key, () -> {
                    HeldLock held = HeldLock.current().orElseThrow();
                    fixture().hook(StoreHook.LosesItsData.class).loseData();
                    await().atMost(LEASE.plus(SLACK)).until(held::isLost);
                    lost.set(true);
                }))
                .isInstanceOf(LockLostException.class);
        assertThat(lost).isTrue();
        fixture().assertFree(fixture().store(), key);
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule10_aFewFailedRenewalsAreBridged() {
        FaultyStore faulty = new FaultyStore(fixture().otherStore());
        Duration lease = LEASE.multipliedBy(3); // leaves a busy machine the time for two renewals more
        Locks here = fixture().locksOn(faulty, builder -> builder.leaseTime(lease));
        LockKey key = fixture().key();
        try (HeldLock held = here.acquire(key)) {
            faulty.failing(Call.RENEW, 2);
            await().atMost(lease.plus(SLACK)).until(() -> faulty.calls(Call.RENEW) >= 4);
            Fixture.rest(lease);
            assertThat(held.isHeld()).isTrue();
            assertThat(fixture().locks().tryAcquire(key)).isEmpty();
        }
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule10_aHoldThatCannotBeRenewedIsLostBeforeAnybodyElseEnters() {
        FaultyStore faulty = new FaultyStore(fixture().otherStore());
        assertLostInTime(faulty, () -> faulty.failing(Call.RENEW, Integer.MAX_VALUE));
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule10_aRenewalThatHangsDoesNotKeepTheLossSecret() {
        FaultyStore faulty = new FaultyStore(fixture().otherStore());
        fixture().opened(faulty::heal);
        assertLostInTime(faulty, () -> faulty.hanging(Call.RENEW));
    }

    private void assertLostInTime(FaultyStore faulty, Runnable fault) {
        Locks here = fixture().locksOn(faulty, builder -> builder.leaseTime(LEASE));
        LockKey key = fixture().key();
        HeldLock held = here.acquire(key);
        fault.run();
        try (HeldLock next = fixture().locks().acquire(key)) {
            assertThat(held.isHeld())
                    .as("the old holder when the next one enters")
                    .isFalse();
            await().atMost(SLACK).until(held::isLost);
            assertThat(next.fence()).isGreaterThan(held.fence());
            faulty.heal();
            held.close();
            assertThat(fixture().locks().tryAcquire(key)).isEmpty();
        }
    }

    @Test
    @Needs(value = Capability.FREED_ON_DISCONNECT, hooks = StoreHook.CutsItsConnections.class)
    default void rule10_aConnectionThatDiesLosesItsLocksAtOnce() {
        LockStore store = fixture().otherStore();
        Locks here = fixture().locksOn(store, builder -> builder);
        LockKey key = fixture().key();
        HeldLock held = here.acquire(key);
        fixture().hook(StoreHook.CutsItsConnections.class).disconnect(store);
        try (HeldLock next =
                fixture().locks().acquire(key, LockOptions.defaults().waitTime(SLACK.multipliedBy(2)))) {
            await().atMost(SLACK.multipliedBy(2)).until(held::isLost);
            held.close();
            assertThat(next.isHeld()).isTrue();
            assertThat(fixture().locks().tryAcquire(key)).isEmpty();
        }
        here.acquire(key, LockOptions.defaults().waitTime(SLACK.multipliedBy(2)))
                .close();
    }

    @Test
    @Needs(hooks = StoreHook.GoesDown.class)
    default void rule11_aStoreThatIsDownLetsNobodyIn() {
        StoreHook.GoesDown hook = fixture().hook(StoreHook.GoesDown.class);
        fixture().opened(hook::comeBack);
        Locks here = fixture().locks();
        LockKey key = fixture().key();
        here.acquire(key).close();
        AtomicBoolean entered = new AtomicBoolean();
        hook.goDown();
        long start = System.nanoTime();
        assertThatThrownBy(() ->
                        here.run(key, LockOptions.defaults().waitTime(Duration.ofMillis(500)), () -> entered.set(true)))
                .isInstanceOf(LockBackendException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        assertThat(entered).isFalse();
        hook.comeBack();
        await().atMost(SLACK.multipliedBy(4))
                .ignoreExceptionsInstanceOf(LockException.class)
                .until(() -> {
                    here.acquire(key).close();
                    return true;
                });
    }

    @Test
    default void rule11_unknownIsNotBusy() {
        FaultyStore faulty = new FaultyStore(fixture().otherStore());
        Locks here = fixture().locksOn(faulty, builder -> builder);
        LockKey key = fixture().key();
        AtomicBoolean entered = new AtomicBoolean();
        faulty.lasting().down();
        long start = System.nanoTime();
        assertThatThrownBy(() -> here.run(key, () -> entered.set(true))).isInstanceOf(LockBackendException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SLACK.multipliedBy(2));
        assertThat(entered).isFalse();
        faulty.heal();
        here.acquire(key, LockOptions.defaults().waitTime(SLACK)).close();
    }

    @Test
    default void rule11_aFailureThatPassesIsWaitedOutWithinTheBudget() {
        FaultyStore faulty = new FaultyStore(fixture().otherStore());
        Locks here = fixture().locksOn(faulty, builder -> builder);
        LockKey key = fixture().key();
        faulty.failing(Call.TRY_ACQUIRE, 3);
        here.acquire(key).close();
        assertThat(faulty.calls(Call.TRY_ACQUIRE)).isGreaterThanOrEqualTo(4);

        faulty.down();
        long start = System.nanoTime();
        assertThatThrownBy(() -> here.acquire(key, LockOptions.defaults().waitTime(Duration.ofMillis(300))))
                .isInstanceOfAny(LockBackendException.class, LockUnavailableException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SLACK.multipliedBy(2));
        faulty.heal();
    }
}
