package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockEvent;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import io.lockweave.spi.TimeSource;
import io.lockweave.spi.Waker;
import io.lockweave.spi.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine in front of a store, when a listener, the store or the clock does something at a bad moment. */
@Timeout(60)
class BadMomentsTest {

    private static final LockKey KEY = LockKey.of("user", 42);

    private final CountDownLatch end = new CountDownLatch(1);
    private final List<LockEngine> opened = new ArrayList<>();

    private LockEngine engine(MapStore store, TimeSource time, io.lockweave.LockListener... listeners) {
        LockEngine engine = Engines.on(store, Threads::daemon, time, listeners);
        opened.add(engine);
        return engine;
    }

    private LockEngine engine(MapStore store, io.lockweave.LockListener... listeners) {
        return engine(store, TimeSource.system(), listeners);
    }

    @AfterEach
    void close() {
        end.countDown();
        opened.forEach(LockEngine::close);
    }

    private void hang() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void rule20_aListenerThatHangsHoldsUpNoRenewal() {
        AtomicInteger renewals = new AtomicInteger();
        Queue<String> renewed = new ConcurrentLinkedQueue<>();
        MapStore store = new MapStore() {
            @Override
            public List<Renewal> renew(List<Grant> grants, Duration lease) {
                if (renewals.getAndIncrement() == 0) {
                    throw LockBackendException.passing("away for a moment", null);
                }
                grants.forEach(grant -> renewed.add(grant.owner()));
                return super.renew(grants, lease);
            }
        };
        LockEngine locks = engine(store, event -> {
            if (event.type() == LockEvent.Type.RENEWAL_FAILED) {
                hang();
            }
        });
        LockOptions options = LockOptions.defaults().leaseTime(Duration.ofSeconds(3));
        List<HeldLock> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(locks.acquire(LockKey.of("user", i), options));
        }
        OtherThread.until(() -> renewed.stream().distinct().count() == 200);
        assertThat(all).allMatch(HeldLock::isHeld);
    }

    @Test
    void rule08_aWatchThatCannotBeEndedLeavesTheKeyUsable() throws Exception {
        MapStore store = new MapStore() {
            @Override
            public Watch watch(Claim claim, Waker waker) {
                super.watch(claim, waker);
                return () -> {
                    throw new IllegalStateException("the connection is gone");
                };
            }
        };
        HeldLock elsewhere = engine(new MapStore()).acquire(KEY);
        store.held.put(KEY.in("lockweave"), new Grant(claimOf(elsewhere), 1, 1));
        LockEngine locks = engine(store);
        OtherThread<HeldLock> waiter = OtherThread.start(() -> locks.acquire(KEY));
        OtherThread.until(() -> !store.wakers.isEmpty());
        waiter.interrupt();
        assertThat(waiter.failure()).isInstanceOf(LockUnavailableException.class);
        store.held.clear();
        OtherThread.call(() -> locks.acquire(KEY, LockOptions.defaults().waitTime(Duration.ofSeconds(2))))
                .close();
        assertThat(locks.parts().gates().all()).isEmpty();
    }

    private static Claim claimOf(HeldLock held) {
        LeasedGrant live = ((Hold) held).live();
        return live.grant().claim();
    }

    /** A clock that stands still until it jumps, when a certain thread reads it, and goes on then. */
    private static final class JumpingClock implements TimeSource {
        private final AtomicLong jumpedAt = new AtomicLong();
        private final AtomicReference<Thread> jumper = new AtomicReference<>();

        @Override
        public long nanoTime() {
            if (jumper.compareAndSet(Thread.currentThread(), null)) {
                jumpedAt.set(System.nanoTime());
            }
            long jumped = jumpedAt.get();
            return jumped == 0 ? 0 : System.nanoTime() - jumped + TimeUnit.MINUTES.toNanos(5);
        }

        @Override
        public void parkNanos(Object blocker, long nanos) {
            LockSupport.parkNanos(blocker, nanos);
        }
    }

    @Test
    void rule18_aGrantHandedOverIsNotUsedPastItsLease() throws Exception {
        JumpingClock clock = new JumpingClock();
        MapStore store = new MapStore();
        AtomicReference<Thread> waiting = new AtomicReference<>();
        LockEngine locks = engine(store, clock);
        HeldLock first = locks.acquire(KEY);
        OtherThread<HeldLock> waiter = OtherThread.start(() -> {
            waiting.set(Thread.currentThread());
            return locks.acquire(KEY, LockOptions.defaults().waitTime(LockOptions.FOREVER));
        });
        OtherThread.until(() -> !locks.inspect(KEY).waiters().isEmpty());
        Thread parked = waiting.get();
        OtherThread.until(() -> parked.getState() == Thread.State.TIMED_WAITING);
        clock.jumper.set(parked); // stands still after it was woken, for longer than the lease
        first.close();
        HeldLock second = waiter.result();
        assertThat(second.isHeld()).isTrue();
        assertThat(second.remaining()).isGreaterThan(Duration.ofSeconds(20));
        second.close();
    }

    @Test
    void rule20_aListenerThatParksEatsNoWakeUp() throws Exception {
        TimeSource frozen = new TimeSource() {
            @Override
            public long nanoTime() {
                return 0;
            }

            @Override
            public void parkNanos(Object blocker, long nanos) {
                LockSupport.park(blocker);
            }
        };
        MapStore store = new MapStore();
        HeldLock other = engine(store).acquire(KEY);
        LockEngine locks = engine(store, frozen, event -> {
            if (event.type() == LockEvent.Type.WAITING) {
                other.close();
                store.wakers.forEach(Waker::wake);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        });
        OtherThread.start(() -> locks.acquire(KEY)).result().close();
    }

    @Test
    void rule20_aListenerOfAReleaseMayTakeTheSameKey() throws Exception {
        AtomicBoolean once = new AtomicBoolean();
        AtomicReference<LockEngine> engine = new AtomicReference<>();
        AtomicReference<Object> outcome = new AtomicReference<>();
        LockEngine locks = engine(new MapStore(), event -> {
            if (event.type() == LockEvent.Type.RELEASED && once.compareAndSet(false, true)) {
                try (HeldLock again =
                        engine.get().acquire(KEY, LockOptions.defaults().waitTime(Duration.ofSeconds(1)))) {
                    outcome.set(again.isHeld());
                } catch (RuntimeException e) {
                    outcome.set(e);
                }
            }
        });
        engine.set(locks);
        OtherThread.call(() -> locks.acquire(KEY)).close();
        assertThat(outcome.get()).isEqualTo(true);
    }

    @Test
    void rule11_aReleaseThatFailsInPassingIsRepeated() {
        AtomicInteger tries = new AtomicInteger();
        MapStore store = new MapStore() {
            @Override
            public boolean release(Grant grant) {
                if (tries.incrementAndGet() <= 3) {
                    throw LockBackendException.passing("away for a moment", null);
                }
                return super.release(grant);
            }

            @Override
            public void withdraw(Claim claim) {
                if (tries.incrementAndGet() <= 3) {
                    throw LockBackendException.passing("away for a moment", null);
                }
                super.withdraw(claim);
            }
        };
        LockEngine locks = engine(store);
        HeldLock held = locks.acquire(KEY);
        assertThatThrownBy(held::close)
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("away for a moment");
        OtherThread.until(store.held::isEmpty);
        assertThat(tries.get()).isEqualTo(4);
    }

    @Test
    void rule11_aReleaseThatRunsOutOfStackIsFinishedElsewhere() {
        for (Error error : List.of(new StackOverflowError(), new OutOfMemoryError("as the test wants it"))) {
            AtomicBoolean once = new AtomicBoolean();
            MapStore store = new MapStore() {
                @Override
                public boolean release(Grant grant) {
                    if (once.compareAndSet(false, true)) {
                        throw error;
                    }
                    return super.release(grant);
                }
            };
            LockEngine locks = engine(store);
            HeldLock held = locks.acquire(KEY);
            assertThatThrownBy(held::close).isSameAs(error);
            OtherThread.until(store.held::isEmpty);
            assertThat(locks.parts().gates().all()).isEmpty();
        }
    }

    @Test
    void rule08_anInterruptedWaitNamesTheHolder() throws Exception {
        MapStore store = new MapStore();
        HeldLock other = engine(store).acquire(KEY);
        LockEngine locks = engine(store);
        OtherThread<HeldLock> waiter = OtherThread.start(() -> locks.acquire(KEY));
        OtherThread.until(() -> !store.wakers.isEmpty());
        OtherThread<HeldLock> second = OtherThread.start(() -> locks.acquire(KEY));
        OtherThread.until(() -> locks.inspect(KEY).waiters().size() == 2);
        waiter.interrupt();
        assertThat(waiter.failure())
                .isInstanceOfSatisfying(LockUnavailableException.class, e -> assertThat(e.holder())
                        .hasValueSatisfying(holder -> assertThat(holder.fence()).isEqualTo(other.fence())))
                .hasMessageContaining("held by");
        second.interrupt();
        assertThat(second.failure()).isInstanceOf(LockUnavailableException.class);
        other.close();
    }

    @Test
    void rule10_aLossToldBeforeTheAnswerIsNotForgotten() {
        AtomicReference<String> gone = new AtomicReference<>();
        MapStore store = new MapStore() {
            @Override
            public Attempt tryAcquire(Claim claim) {
                Attempt answer = super.tryAcquire(claim);
                if (gone.compareAndSet(null, claim.owner())) {
                    held.clear();
                    losses.lost(claim.owner(), "its connection has ended");
                }
                return answer;
            }
        };
        LockEngine locks = engine(store);
        try (HeldLock held = locks.acquire(KEY)) {
            assertThat(claimOf(held).owner()).isNotEqualTo(gone.get());
            assertThat(store.held.get(KEY.in("lockweave")).owner())
                    .isEqualTo(claimOf(held).owner());
        }
    }

    @Test
    void rule20_actionsThatHangDoNotHoldUpOtherLosses() throws Exception {
        LockEngine locks = engine(new MapStore());
        CountDownLatch hanging = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            LockKey key = LockKey.of("hanging", i);
            locks.acquire(key).onLost(lost -> {
                hanging.countDown();
                hang();
            });
            locks.forceRelease(key);
        }
        assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
        CountDownLatch told = new CountDownLatch(1);
        locks.acquire(KEY).onLost(lost -> told.countDown());
        locks.forceRelease(KEY);
        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
