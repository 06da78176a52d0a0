package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.Fixture.SHORT;
import static io.lockweave.testkit.contract.Fixture.exclusive;
import static io.lockweave.testkit.contract.Fixture.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Waker;
import io.lockweave.spi.Watch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Waiting claims call by call: hints, grants sent to waiters, and fairness where it is promised. */
interface QueueContract extends Contract {

    /** Writes down what it hears. */
    final class Ear implements Waker {

        /** One empty list for each hint, one grant for each that was sent. */
        final BlockingQueue<List<Grant>> heard = new LinkedBlockingQueue<>();

        @Override
        public void wake() {
            heard.add(List.of());
        }

        @Override
        public void granted(Grant grant, Duration lease) {
            assertThat(lease).isPositive();
            heard.add(List.of(grant));
        }
    }

    @Test
    default void rule01_aGrantSentToAWaiterIsOneAndTheOthersAreBusy() throws Exception {
        LockStore store = fixture().store();
        LockStore other = fixture().otherStore();
        LockKey key = fixture().key();
        Grant held = fixture().granted(store, exclusive(key));
        Claim waiter = waiting(exclusive(key), false);
        fixture().busy(other, waiter);
        Ear ear = new Ear();
        try (Watch watch = other.watch(waiter, ear)) {
            assertThat(watch).isNotNull();
            fixture().busy(other, waiter);
            assertThat(store.release(held)).isTrue();
            List<Grant> hint = ear.heard.poll(1, TimeUnit.SECONDS);

            Grant grant = fixture().granted(other, waiter);

            if (hint != null && !hint.isEmpty()) {
                assertThat(hint.get(0).owner()).isEqualTo(waiter.owner());
                assertThat(hint.get(0).fence())
                        .as("fence of the grant that was sent")
                        .isEqualTo(grant.fence());
                assertThat(hint.get(0).fence()).isGreaterThan(held.fence());
            }
            fixture().busy(store, exclusive(key));
            assertThat(other.release(grant)).isTrue();
        }
        fixture().assertFree(store, key);
    }

    @Test
    default void rule08_aWatchIsClosedMoreThanOnceAndLeavesTheLockUsable() {
        LockStore store = fixture().store();
        LockKey key = fixture().key();
        Grant held = fixture().granted(store, exclusive(key));
        Claim waiter = waiting(exclusive(key), false);
        fixture().busy(store, waiter);
        Watch watch = store.watch(waiter, new Ear());
        watch.close();
        watch.close();
        store.withdraw(waiter);
        assertThat(store.release(held)).isTrue();
        fixture().assertFree(store, key);
    }

    @Test
    @Needs(Capability.PUSH)
    default void aReleaseIsHeardByAWaiter() throws Exception {
        LockStore store = fixture().store();
        LockStore other = fixture().otherStore();
        LockKey key = fixture().key();
        Grant held = fixture().granted(store, exclusive(key));
        Claim waiter = waiting(exclusive(key), false);
        fixture().busy(other, waiter);
        Ear ear = new Ear();
        try (Watch watch = other.watch(waiter, ear)) {
            if (!watch.missedNothing()) {
                fixture().busy(other, waiter);
            }
            assertThat(store.release(held)).isTrue();
            assertThat(ear.heard.poll(Fixture.SLACK.toMillis(), TimeUnit.MILLISECONDS))
                    .as("a hint")
                    .isNotNull();
        }
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule03_aWaiterThatVanishedDoesNotBlockTheOthersForEver() {
        LockStore store = fixture().store();
        LockKey key = fixture().key();
        Grant held = fixture().granted(store, exclusive(key));
        LockStore vanishing = fixture().otherStore();
        Claim ghost = waiting(exclusive(key, SHORT), false);
        fixture().busy(vanishing, ghost);
        vanishing.watch(ghost, new Ear());
        vanishing.close();
        assertThat(store.release(held)).isTrue();

        grantedInTime(store, exclusive(key));
    }

    /** Asks again and again, as the engine does, until a waiter taken for alive must have been found dead. */
    private void grantedInTime(LockStore store, Claim claim) {
        int tries = 30;
        Duration pause = LockStore.POLL_WITH_PUSH.multipliedBy(3).plus(SHORT).dividedBy(tries - 2);
        for (int i = 1; i < tries; i++) {
            if (fixture().ask(store, claim) instanceof Attempt.Granted) {
                return;
            }
            fixture().letPass(pause);
        }
        fixture().granted(store, claim);
    }

    @Test
    @Needs(Capability.FAIR)
    default void fair_waitersAreServedInTheOrderTheyCame() {
        LockStore store = fixture().store();
        LockStore other = fixture().otherStore();
        LockKey key = fixture().key();
        Grant held = fixture().granted(store, waiting(exclusive(key), true));
        Claim first = waiting(exclusive(key), true);
        Claim second = waiting(exclusive(key), true);
        fixture().busy(other, first);
        fixture().busy(store, second);

        assertThat(store.release(held)).isTrue();
        fixture().busy(store, second);
        fixture().busy(store, waiting(exclusive(key), true));
        Grant one = fixture().granted(other, first);
        fixture().busy(store, second);
        assertThat(other.release(one)).isTrue();
        fixture().granted(store, second);
    }

    @Test
    @Needs(Capability.FAIR)
    default void fair_aWaiterThatGaveUpIsPassedOver() {
        LockStore store = fixture().store();
        LockKey key = fixture().key();
        Grant held = fixture().granted(store, waiting(exclusive(key), true));
        Claim gone = waiting(exclusive(key), true);
        Claim next = waiting(exclusive(key), true);
        fixture().busy(store, gone);
        fixture().busy(store, next);
        store.withdraw(gone);
        assertThat(store.release(held)).isTrue();
        fixture().granted(store, next);
    }

    @Test
    @Needs({Capability.FAIR, Capability.LEASE})
    default void fair_aWaiterThatVanishedIsPassedOverInTime() {
        LockStore store = fixture().store();
        LockKey key = fixture().key();
        Grant held = fixture().granted(store, waiting(exclusive(key), true));
        fixture().busy(store, waiting(exclusive(key, SHORT), true));
        Claim next = waiting(exclusive(key, SHORT), true);
        fixture().busy(store, next);
        assertThat(store.release(held)).isTrue();
        grantedInTime(store, next);
    }
}
