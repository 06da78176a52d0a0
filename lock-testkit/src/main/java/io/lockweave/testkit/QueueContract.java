package io.lockweave.testkit;

import static io.lockweave.testkit.Bench.SHORT;
import static io.lockweave.testkit.Bench.exclusive;
import static io.lockweave.testkit.Bench.waiting;
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
        LockStore store = bench().store();
        LockStore other = bench().otherStore();
        LockKey key = bench().key();
        Grant held = bench().granted(store, exclusive(key));
        Claim waiter = waiting(exclusive(key), false);
        bench().busy(other, waiter);
        Ear ear = new Ear();
        try (Watch watch = other.watch(waiter, ear)) {
            assertThat(watch).isNotNull();
            bench().busy(other, waiter);
            assertThat(store.release(held)).isTrue();
            List<Grant> hint = ear.heard.poll(1, TimeUnit.SECONDS);

            Grant grant = bench().granted(other, waiter);

            if (hint != null && !hint.isEmpty()) {
                assertThat(hint.get(0).owner()).isEqualTo(waiter.owner());
                assertThat(hint.get(0).fence())
                        .as("fence of the grant that was sent")
                        .isEqualTo(grant.fence());
                assertThat(hint.get(0).fence()).isGreaterThan(held.fence());
            }
            bench().busy(store, exclusive(key));
            assertThat(other.release(grant)).isTrue();
        }
        bench().assertFree(store, key);
    }

    @Test
    default void rule08_aWatchIsClosedMoreThanOnceAndLeavesTheLockUsable() {
        LockStore store = bench().store();
        LockKey key = bench().key();
        Grant held = bench().granted(store, exclusive(key));
        Claim waiter = waiting(exclusive(key), false);
        bench().busy(store, waiter);
        Watch watch = store.watch(waiter, new Ear());
        watch.close();
        watch.close();
        store.withdraw(waiter);
        assertThat(store.release(held)).isTrue();
        bench().assertFree(store, key);
    }

    @Test
    @Needs(Capability.PUSH)
    default void aReleaseIsHeardByAWaiter() throws Exception {
        LockStore store = bench().store();
        LockStore other = bench().otherStore();
        LockKey key = bench().key();
        Grant held = bench().granted(store, exclusive(key));
        Claim waiter = waiting(exclusive(key), false);
        bench().busy(other, waiter);
        Ear ear = new Ear();
        try (Watch watch = other.watch(waiter, ear)) {
            if (!watch.missedNothing()) {
                bench().busy(other, waiter);
            }
            assertThat(store.release(held)).isTrue();
            assertThat(ear.heard.poll(Bench.SLACK.toMillis(), TimeUnit.MILLISECONDS))
                    .as("a hint")
                    .isNotNull();
        }
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule03_aWaiterThatVanishedDoesNotBlockTheOthersForEver() {
        LockStore store = bench().store();
        LockKey key = bench().key();
        Grant held = bench().granted(store, exclusive(key));
        LockStore vanishing = bench().otherStore();
        Claim ghost = waiting(exclusive(key, SHORT), false);
        bench().busy(vanishing, ghost);
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
            if (bench().ask(store, claim) instanceof Attempt.Granted) {
                return;
            }
            bench().letPass(pause);
        }
        bench().granted(store, claim);
    }

    @Test
    @Needs(Capability.FAIR)
    default void fair_waitersAreServedInTheOrderTheyCame() {
        LockStore store = bench().store();
        LockStore other = bench().otherStore();
        LockKey key = bench().key();
        Grant held = bench().granted(store, waiting(exclusive(key), true));
        Claim first = waiting(exclusive(key), true);
        Claim second = waiting(exclusive(key), true);
        bench().busy(other, first);
        bench().busy(store, second);

        assertThat(store.release(held)).isTrue();
        bench().busy(store, second);
        bench().busy(store, waiting(exclusive(key), true));
        Grant one = bench().granted(other, first);
        bench().busy(store, second);
        assertThat(other.release(one)).isTrue();
        bench().granted(store, second);
    }

    @Test
    @Needs(Capability.FAIR)
    default void fair_aWaiterThatGaveUpIsPassedOver() {
        LockStore store = bench().store();
        LockKey key = bench().key();
        Grant held = bench().granted(store, waiting(exclusive(key), true));
        Claim gone = waiting(exclusive(key), true);
        Claim next = waiting(exclusive(key), true);
        bench().busy(store, gone);
        bench().busy(store, next);
        store.withdraw(gone);
        assertThat(store.release(held)).isTrue();
        bench().granted(store, next);
    }

    @Test
    @Needs({Capability.FAIR, Capability.LEASE})
    default void fair_aWaiterThatVanishedIsPassedOverInTime() {
        LockStore store = bench().store();
        LockKey key = bench().key();
        Grant held = bench().granted(store, waiting(exclusive(key), true));
        bench().busy(store, waiting(exclusive(key, SHORT), true));
        Claim next = waiting(exclusive(key, SHORT), true);
        bench().busy(store, next);
        assertThat(store.release(held)).isTrue();
        grantedInTime(store, next);
    }
}
