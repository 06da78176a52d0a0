package io.lockweave.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockEvent;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.LocksBuilder;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import io.lockweave.spi.TimeSource;
import io.lockweave.spi.Waker;
import io.lockweave.testkit.ManualClock;
import io.lockweave.testkit.Together;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the engine makes of a store that answers late, wrongly or at a bad moment. */
@Timeout(60)
class EngineOnStoreTest {

    private static final LockKey KEY = LockKey.of("thing", 1);

    private final SkippingClock time = new SkippingClock();
    private final Queue<LockEvent.Type> events = new ConcurrentLinkedQueue<>();
    private final Deque<Locks> opened = new ArrayDeque<>();

    private Locks locks(MemoryServer server) {
        LocksBuilder builder = Locks.builder(new MemoryStore(server)).timeSource(time);
        Locks locks = builder.listener(event -> events.add(event.type())).build();
        opened.push(locks);
        return locks;
    }

    @AfterEach
    void close() {
        opened.forEach(Locks::close);
    }

    @Test
    void rule08_nothingMoreIsAskedOnceTheBudgetIsUsedUpByAnAnswer() {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger withdrawn = new AtomicInteger();
        AtomicBoolean slow = new AtomicBoolean();
        MemoryServer server = new MemoryServer(time) {
            @Override
            Attempt tryAcquire(Claim claim) {
                Attempt answer = super.tryAcquire(claim);
                if (slow.get()) {
                    asked.incrementAndGet();
                    time.skip(Duration.ofSeconds(2));
                }
                return answer;
            }

            @Override
            void withdraw(Claim claim) {
                withdrawn.incrementAndGet();
                super.withdraw(claim);
            }
        };
        HeldLock held = locks(server).acquire(KEY);
        slow.set(true);
        assertThatThrownBy(
                        () -> locks(server).acquire(KEY, LockOptions.defaults().waitTime(Duration.ofSeconds(1))))
                .isInstanceOf(LockUnavailableException.class);
        assertThat(asked).hasValue(1);
        await().until(() -> withdrawn.get() == 1); // the store may have queued it
        held.close();
    }

    @Test
    void rule10_whoFindsASharedGrantLostTellsTheOthers() throws Exception {
        Locks here = locks(new MemoryServer(time));
        LockOptions shared = LockOptions.defaults().shared();
        HeldLock first = here.acquire(KEY, shared);
        HeldLock second = Together.result(Together.start("second", () -> here.acquire(KEY, shared)));
        CountDownLatch told = new CountDownLatch(1);
        second.onLost(lost -> told.countDown());
        time.skip(Duration.ofMinutes(1)); // past the lease, before the keeper looks
        first.close();
        assertThat(first.isLost()).isTrue();
        assertThat(told.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        assertThat(second.isLost()).isTrue();
    }

    @Test
    void rule10_sharedHoldersWhoLeaveTogetherAreNotTakenForLost() {
        Locks here = locks(new MemoryServer(time));
        LockOptions shared = LockOptions.defaults().shared();
        Together.run(4, i -> {
            for (int n = 0; n < 10_000; n++) {
                try (HeldLock held = here.acquire(KEY, shared)) {
                    assertThat(held.isHeld()).isTrue();
                }
            }
            return i;
        });
        assertThat(events).doesNotContain(LockEvent.Type.LOST);
    }

    @Test
    void rule09_aStoreThatFailsToReleaseInItsOwnWayNeverHidesTheTasksOutcome() throws Exception {
        MemoryServer server = new MemoryServer(time) {
            @Override
            boolean release(Grant grant) {
                throw new IllegalStateException("a driver's own failure");
            }
        };
        Locks here = locks(server);
        IllegalArgumentException own = new IllegalArgumentException("the task's own");
        assertThatThrownBy(() -> here.run(KEY, () -> {
                    throw own;
                }))
                .isSameAs(own)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(here.call(LockKey.of("thing", 2), () -> "done")).isEqualTo("done");
        assertThat(events).filteredOn(LockEvent.Type.RELEASE_FAILED::equals).hasSize(2);
    }

    @Test
    void rule09_anErrorOfTheStoreNeverHidesTheTasksOwnFailure() {
        MemoryServer server = new MemoryServer(time) {
            @Override
            boolean release(Grant grant) {
                throw new NoClassDefFoundError("the driver is gone");
            }
        };
        Locks here = locks(server);
        IllegalArgumentException own = new IllegalArgumentException("the task's own");
        assertThatThrownBy(() -> here.run(KEY, () -> {
                    throw own;
                }))
                .isSameAs(own)
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    @Test
    void aWaitForTheStoreIsAnEventToo() {
        MemoryServer server = new MemoryServer(time);
        HeldLock held = locks(server).acquire(KEY);
        Locks here = locks(server);
        assertThat(here.tryAcquire(KEY)).isEmpty();
        assertThat(events).doesNotContain(LockEvent.Type.WAITING);
        FutureTask<HeldLock> waiter = Together.start("waiter", () -> here.acquire(KEY));
        Fixture.awaitWaiters(here, KEY, 1);
        held.close();
        Together.result(waiter).close();
        assertThat(events).filteredOn(LockEvent.Type.WAITING::equals).hasSize(1);
    }

    @Test
    void rule15_aGrantThatArrivesAfterTheEndIsGivenBack() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        MemoryServer server = new MemoryServer(time) {
            @Override
            Attempt tryAcquire(Claim claim) {
                Attempt granted = super.tryAcquire(claim);
                asked.countDown();
                Together.awaitQuietly(answer);
                return granted;
            }
        };
        Locks here = locks(server);
        FutureTask<HeldLock> late = Together.start("late", () -> here.acquire(KEY));
        asked.await();
        here.close();
        answer.countDown();
        assertThatThrownBy(() -> Together.result(late)).isInstanceOf(LockUnavailableException.class);
        await().untilAsserted(() -> assertThat(server.find(KEY.in("lockweave"))).isEmpty());
    }

    @Test
    void aRenewalThatIsDoneAfterTheLossIsTakenBack() throws Exception {
        CountDownLatch renewing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        TimeSource still = ManualClock.startingAt(0); // for the server: the lease does not end there
        MemoryServer server = new MemoryServer(still) {
            @Override
            List<Renewal> renew(List<Grant> grants, Duration lease) {
                renewing.countDown();
                Together.awaitQuietly(goOn);
                return super.renew(grants, lease);
            }
        };
        Locks here = locks(server);
        HeldLock held = here.acquire(KEY, LockOptions.defaults().leaseTime(Duration.ofMillis(300)));
        renewing.await();
        await().until(held::isLost);
        goOn.countDown();
        await().untilAsserted(() -> assertThat(server.find(KEY.in("lockweave"))).isEmpty());
    }

    @Test
    void rule10_thePushedLeaseIsNotCountedFromATryThatFailed() throws Exception {
        AtomicBoolean away = new AtomicBoolean();
        AtomicInteger failed = new AtomicInteger();
        AtomicReference<Claim> busy = new AtomicReference<>();
        MemoryServer server = new MemoryServer(time) {
            @Override
            Attempt tryAcquire(Claim claim) {
                Attempt answer = super.tryAcquire(claim);
                if (away.get()) {
                    failed.incrementAndGet();
                    throw LockBackendException.passing("away", null);
                }
                busy.set(claim);
                return answer;
            }

            @Override
            List<Renewal> renew(List<Grant> grants, Duration lease) {
                throw LockBackendException.passing("away", null);
            }
        };
        BlockingQueue<Object[]> watches = new LinkedBlockingQueue<>();
        MemoryStore store = new MemoryStore(server);
        LockStore watched = (LockStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {LockStore.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(store, arguments);
                        if (method.getName().equals("watch")) {
                            watches.add(arguments);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        HeldLock other = locks(server).acquire(KEY);
        Locks here = Locks.builder(watched).timeSource(time).build();
        opened.push(here);
        FutureTask<HeldLock> waiter = Together.start("waiter", () -> here.acquire(KEY));
        Object[] watch = watches.take();
        Waker waker = (Waker) watch[1];
        await().until(() -> busy.get().tryNumber() == 2);
        Claim queued = busy.get();
        away.set(true);
        time.skip(Duration.ofSeconds(2));
        waker.wake();
        await().until(() -> failed.get() > 0);
        waker.granted(new Grant(queued, 1, 1), Duration.ofSeconds(3)); // made before it, told after it
        assertThat(Together.result(waiter).remaining()).isLessThan(Duration.ofSeconds(1));
        assertThat(other.isHeld()).isTrue();
    }

    @Test
    void rule10_aThreadThatEndedWithoutUnlockingIsNotRenewedForEver() {
        MemoryServer server = new MemoryServer(time);
        Locks here = locks(server);
        Together.result(Together.start("forgetful", () -> {
            Lock lock = here.asLock(KEY);
            lock.lock();
            lock.lock();
            return true;
        }));
        HeldLock kept = Together.result(Together.start("careful", () -> here.acquire(LockKey.of("other"))));
        // makes the keeper look soon, to find that a third of the others' lease is over
        HeldLock third =
                here.acquire(LockKey.of("third"), LockOptions.defaults().leaseTime(Duration.ofMillis(300)));
        time.skip(Duration.ofSeconds(11));
        assertThat(Together.result(Together.start("next", () -> locks(server).acquire(KEY)))
                        .isHeld())
                .isTrue();
        assertThat(kept.isLost()).as("a handle is not bound to its thread").isFalse();
    }

    @Test
    void rule10_aThreadsScopeThatAnotherThreadUsesIsNotTakenForForgotten() throws Exception {
        AtomicInteger renewed = new AtomicInteger();
        MemoryServer server = new MemoryServer(time) {
            @Override
            List<Renewal> renew(List<Grant> grants, Duration lease) {
                renewed.addAndGet((int) grants.stream()
                        .filter(grant -> grant.key().name().equals(KEY.name()))
                        .count());
                return super.renew(grants, lease);
            }
        };
        Locks here = locks(server);
        LockScope scope = Together.result(Together.start("short-lived", LockScope::current));
        Lock lock = here.asLock(KEY);
        scope.run(lock::lock);
        // makes the keeper look soon, to find that a third of the other's lease is over
        HeldLock other =
                here.acquire(LockKey.of("other"), LockOptions.defaults().leaseTime(Duration.ofMillis(300)));
        time.skip(Duration.ofSeconds(11));
        await().until(() -> renewed.get() > 0 || events.contains(LockEvent.Type.LOST));
        assertThat(here.isLocked(KEY)).isTrue();
        scope.run(lock::unlock);
    }
}
