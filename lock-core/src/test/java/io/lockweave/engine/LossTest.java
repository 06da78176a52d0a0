package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockDeadlockException;
import io.lockweave.LockEvent;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockOptions;
import io.lockweave.LockScope;
import io.lockweave.Locks;
import io.lockweave.local.LocalBackend;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks that are lost or taken away by force, without a store. */
@Timeout(30)
class LossTest {

    private static final LockKey KEY = LockKey.of("user", 42);

    private final LockEngine locks = (LockEngine) Locks.local();

    @AfterEach
    void nothingIsRetained() {
        OtherThread.until(() -> locks.parts().gates().all().isEmpty());
        locks.close();
    }

    @Test
    void unlockOfALostLockSaysSoAndFreesNobodyElses() throws Exception {
        Lock lock = locks.asLock(KEY);
        lock.lock();
        lock.lock();
        assertThat(locks.forceRelease(KEY)).isTrue();
        HeldLock next = OtherThread.call(() -> locks.acquire(KEY));
        assertThatThrownBy(lock::unlock).isInstanceOf(LockLostException.class).hasMessageContaining("by force");
        assertThatThrownBy(lock::unlock).isInstanceOf(LockLostException.class);
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(next.isHeld()).isTrue();
        next.close();
    }

    @Test
    void aLossConcernsTheLocksOfItsOwnEngineOnly() {
        Lock lost = locks.asLock(KEY);
        lost.lock();
        locks.forceRelease(KEY);

        try (Locks others = Locks.local()) {
            Lock lock = others.asLock(KEY);
            assertThat(lock.tryLock()).isTrue();
            lock.unlock();
            assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
        }
        assertThatThrownBy(lost::unlock).isInstanceOf(LockLostException.class);
    }

    @Test
    void aLostLockIsNotTakenAgainBeforeEachOfItsEntriesWasUnlocked() throws Exception {
        ReadWriteLock both = locks.asReadWriteLock(KEY);
        Lock lock = both.writeLock();
        lock.lock();
        both.readLock().lock();
        locks.forceRelease(KEY);

        for (int entry = 0; entry < 2; entry++) {
            assertThatThrownBy(lock::lock).isInstanceOf(LockLostException.class);
            assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(LockLostException.class);
            assertThatThrownBy(lock::tryLock).isInstanceOf(LockLostException.class);
            assertThatThrownBy(() -> lock.tryLock(1, TimeUnit.SECONDS)).isInstanceOf(LockLostException.class);
            assertThatThrownBy(both.readLock()::tryLock).isInstanceOf(LockLostException.class);
            assertThat(locks.isLocked(KEY)).isFalse();
            assertThatThrownBy(entry == 0 ? lock::unlock : both.readLock()::unlock)
                    .isInstanceOf(LockLostException.class);
        }

        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
    }

    @Test
    void aLockThatIsLostWhileItIsAskedForAgainIsNeverForgotten() throws Exception {
        Lock lock = locks.asLock(KEY);
        for (int round = 0; round < 2_000; round++) {
            lock.lock();
            CountDownLatch go = new CountDownLatch(1);
            OtherThread<Boolean> loser = OtherThread.start(() -> {
                go.countDown();
                return locks.forceRelease(KEY);
            });
            go.await();
            boolean again;
            try {
                again = lock.tryLock(1, TimeUnit.MILLISECONDS);
            } catch (LockLostException e) {
                again = false;
            }
            assertThat(loser.result()).isTrue();
            if (again) { // before the loss, so that both entries are lost
                assertThatThrownBy(lock::unlock).isInstanceOf(LockLostException.class);
            }
            assertThatThrownBy(lock::tryLock).isInstanceOf(LockLostException.class);
            assertThatThrownBy(lock::unlock).isInstanceOf(LockLostException.class);
        }
    }

    @Test
    void anotherThreadMayHaveWhatThisOneLost() throws Exception {
        Lock lock = locks.asLock(KEY);
        lock.lock();
        locks.forceRelease(KEY);
        assertThat(OtherThread.call(() -> {
                    lock.lock();
                    lock.unlock();
                    return true;
                }))
                .isTrue();
        assertThatThrownBy(lock::unlock).isInstanceOf(LockLostException.class);
    }

    @Test
    void theViewsCountRightWhenTwoThreadsOfOneScopeUseThemAtOnce() throws Exception {
        LockScope scope = LockScope.named("shared flow");
        Lock lock = locks.asLock(KEY);
        scope.run(lock::lock);
        CountDownLatch both = new CountDownLatch(2);
        List<OtherThread<Object>> threads = Stream.generate(() -> OtherThread.start(() -> scope.call(() -> {
                    both.countDown();
                    both.await();
                    for (int i = 0; i < 200_000; i++) {
                        lock.lock();
                        lock.unlock();
                    }
                    return new Object();
                })))
                .limit(2)
                .toList();
        for (OtherThread<Object> thread : threads) {
            thread.result();
        }
        scope.run(lock::unlock);
        assertThatThrownBy(() -> scope.run(lock::unlock)).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void forceFreesALockThatIsKeptForItsLeastTime() throws Exception {
        locks.acquire(KEY, LockOptions.defaults().holdAtLeast(Duration.ofMinutes(5)))
                .close();
        assertThat(locks.isLocked(KEY)).isTrue();
        assertThat(locks.forceRelease(KEY)).isTrue();
        assertThat(locks.isLocked(KEY)).isFalse();
        OtherThread.call(() -> locks.tryAcquire(KEY)).orElseThrow().close();
    }

    @Test
    void whatAListenerThrowsNeverReachesTheHolder() throws Exception {
        try (Locks heard = Locks.builder(new LocalBackend())
                .listener(event -> {
                    throw new AssertionError("a listener that fails on " + event.type());
                })
                .build()) {
            heard.run(KEY, () -> assertThat(heard.isLocked(KEY)).isTrue());
            assertThat(heard.isLocked(KEY)).isFalse();
        }
    }

    @Test
    void actionsOfALossRunThoughCompletionsAreHeldUp() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch heldUp = new CountDownLatch(4);
        HeldLock first = locks.acquire(KEY);
        for (int i = 0; i < 4; i++) {
            LockKey other = LockKey.of("other", i);
            HeldLock busy = locks.acquire(other);
            OtherThread.call(() -> locks.acquireAsync(other)).thenAccept(held -> {
                held.close();
                heldUp.countDown();
                awaitQuietly(end);
            });
            busy.close();
        }
        assertThat(heldUp.await(10, TimeUnit.SECONDS)).isTrue();
        CountDownLatch told = new CountDownLatch(1);
        first.onLost(lost -> told.countDown());
        locks.forceRelease(KEY);
        try {
            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            end.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void deadlocksAndCancelledWaitsAreEvents() throws Exception {
        List<LockEvent> events = new CopyOnWriteArrayList<>();
        try (Locks heard =
                Locks.builder(new LocalBackend()).listener(events::add).build()) {
            HeldLock held = heard.acquire(KEY);
            assertThat(OtherThread.call(() -> heard.acquireAsync(KEY).cancel(true)))
                    .isTrue();
            OtherThread.until(() -> events.stream().anyMatch(event -> event.type() == LockEvent.Type.UNAVAILABLE));

            LockKey other = LockKey.of("user", 43);
            CountDownLatch hasOther = new CountDownLatch(1);
            OtherThread<Object> crossing = OtherThread.start(() -> {
                try (HeldLock second = heard.acquire(other)) {
                    hasOther.countDown();
                    heard.acquire(KEY).close();
                    return second;
                }
            });
            hasOther.await();
            OtherThread.until(() -> !heard.inspect(KEY).waiters().isEmpty());
            assertThatThrownBy(() -> heard.acquire(other)).isInstanceOf(LockDeadlockException.class);
            held.close();
            crossing.result();
        }
        assertThat(events)
                .filteredOn(event -> event.type() == LockEvent.Type.DEADLOCK)
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.key()).isEqualTo(LockKey.of("user", 43));
                    assertThat(event.failure()).isPresent();
                });
    }
}
