package io.lockweave.testkit.contract;

import static io.lockweave.testkit.contract.HoldContract.assertFreeForOthers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockEvent;
import io.lockweave.LockKey;
import io.lockweave.LockListener;
import io.lockweave.LockOptions;
import io.lockweave.LockRelease;
import io.lockweave.Locks;
import io.lockweave.spi.Capability;
import io.lockweave.testkit.Together;
import io.lockweave.testkit.fault.FaultyStore;
import io.lockweave.testkit.fault.FaultyStore.Call;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rules 1, 2, 8, 11 and 15 where nobody waits for the store's answer to a release. */
interface SentReleaseContract extends Contract {

    private Locks sending(FaultyStore store, LockListener... listeners) {
        return fixture().locksOn(store, builder -> {
            for (LockListener listener : listeners) {
                builder.listener(listener);
            }
            return builder.release(LockRelease.SENT);
        });
    }

    private static void awaitEvent(Queue<LockEvent> events, LockEvent.Type type) {
        await().atMost(Fixture.SLACK.multipliedBy(2))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> events.stream().anyMatch(event -> event.type() == type));
    }

    @Test
    default void rule11_whoSendsAReleaseDoesNotWaitForTheStore() {
        FaultyStore store = new FaultyStore(fixture().otherStore());
        Locks locks = sending(store);
        LockKey key = fixture().key();
        HeldLock held = locks.acquire(key);
        store.hanging(Call.RELEASE, Call.RELEASE_ALL);
        held.close(); // or the store hangs for longer than the test may last
        assertThat(held.isHeld()).isFalse();
        assertThat(fixture().locks().tryAcquire(key, LockOptions.defaults().waitTime(Duration.ZERO)))
                .isEmpty();
        store.heal(); // which fails it, and it is tried again
        fixture().locks().acquire(key).close();
    }

    @Test
    default void rule11_aSentReleaseThatFailsIsToldOfAndRepeated() {
        FaultyStore store = new FaultyStore(fixture().otherStore());
        Queue<LockEvent> events = new ConcurrentLinkedQueue<>();
        Locks locks = sending(store, events::add);
        LockKey key = fixture().key();
        HeldLock held = locks.acquire(key);
        store.failing(Call.RELEASE, 2);
        held.close();
        awaitEvent(events, LockEvent.Type.RELEASE_FAILED);
        fixture().locks().acquire(key).close();
        assertThat(events).extracting(LockEvent::type).doesNotContain(LockEvent.Type.LOST);
    }

    @Test
    default void rule02_thatASentReleaseFoundTheLockLostIsToldOf() {
        FaultyStore store = new FaultyStore(fixture().otherStore());
        Queue<LockEvent> events = new ConcurrentLinkedQueue<>();
        Locks locks = sending(store, events::add);
        LockKey key = fixture().key();
        HeldLock held = locks.acquire(key);
        assertThat(store.forceRelease(key)).isTrue(); // by whoever may free it
        held.close();
        awaitEvent(events, LockEvent.Type.LOST);
        assertThat(held.isLost()).isTrue();
    }

    @Test
    default void rule08_aClaimThatDoesNotWaitComesInAfterAReleaseOfThisJvm() {
        Locks locks = sending(new FaultyStore(fixture().otherStore()));
        LockKey key = fixture().key();
        LockOptions noWait = LockOptions.defaults().waitTime(Duration.ZERO);
        long last = 0;
        for (int i = 0; i < 50; i++) {
            try (HeldLock held = i % 2 == 0
                    ? locks.acquire(key, noWait)
                    : locks.acquireAsync(key, noWait).join()) {
                assertThat(held.fence()).isGreaterThan(last);
                last = held.fence();
            }
        }
    }

    @Test
    default void rule08_aClaimThatDoesNotWaitIsBusyWhereTheStoreDoesNotAnswerToARelease() {
        FaultyStore store = new FaultyStore(fixture().otherStore());
        Locks locks = sending(store);
        LockKey key = fixture().key();
        HeldLock held = locks.acquire(key);
        store.hanging(Call.RELEASE, Call.RELEASE_ALL);
        held.close();
        assertThat(locks.tryAcquire(key, LockOptions.defaults().waitTime(Duration.ZERO)))
                .isEmpty();
        store.heal();
    }

    @Test
    default void rule01_aCounterUnderLocksWithSentReleasesLosesNothing() {
        List<Locks> jvms = List.of(
                sending(new FaultyStore(fixture().otherStore())),
                sending(new FaultyStore(fixture().otherStore())));
        LockKey key = fixture().key();
        int[] counter = new int[1];
        Together.run(6, i -> {
            for (int n = 0; n < 30; n++) {
                jvms.get(i % 2).run(key, () -> counter[0] = stumbling(counter[0]) + 1);
            }
            return i;
        });
        assertThat(counter[0]).isEqualTo(6 * 30);
    }

    private static int stumbling(int value) {
        Fixture.stumble();
        return value;
    }

    @Test
    default void rule15_closingWaitsForWhatWasSent() {
        Locks locks = sending(new FaultyStore(fixture().otherStore()));
        List<LockKey> keys =
                IntStream.range(0, 100).mapToObj(i -> fixture().key("s" + i)).toList();
        List<HeldLock> held = keys.stream().map(locks::acquire).toList();
        held.forEach(HeldLock::close);
        locks.close();
        Locks elsewhere = fixture().locks();
        keys.forEach(key -> assertFreeForOthers(elsewhere, key));
    }

    @Test
    @Needs(Capability.LEASE)
    default void rule11_theReleaseIsAwaitedWhereALockIsKeptForItsLeastTime() {
        FaultyStore store = new FaultyStore(fixture().otherStore());
        Locks locks = sending(store);
        HeldLock held = locks.acquire(fixture().key(), LockOptions.defaults().holdAtLeast(Duration.ofSeconds(30)));
        store.failing(Call.RENEW, 1);
        assertThatThrownBy(held::close).hasMessageContaining("RENEW");
    }

    @Test
    default void rule11_oneLockMaySendItsReleaseAndAnotherAwaitIt() {
        FaultyStore store = new FaultyStore(fixture().otherStore());
        Locks locks = fixture().locksOn(store, builder -> builder);
        HeldLock awaited = locks.acquire(fixture().key("awaited"));
        HeldLock sent =
                locks.acquire(fixture().key("sent"), LockOptions.defaults().release(LockRelease.SENT));
        store.failing(Call.RELEASE, 2);
        sent.close();
        await().until(() -> store.calls(Call.RELEASE) > 0);
        store.heal().failing(Call.RELEASE, 1);
        assertThatThrownBy(awaited::close).hasMessageContaining("RELEASE");
    }
}
