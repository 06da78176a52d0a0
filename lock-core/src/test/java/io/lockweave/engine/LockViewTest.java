package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the JSR-166 test kit asks of any {@link Lock}, asked of the views. */
@Timeout(60)
class LockViewTest {

    private static final LockKey KEY = LockKey.of("user", 42);

    private final LockEngine locks = (LockEngine) Locks.local();
    private final Lock lock = locks.asLock(KEY);
    private final ReadWriteLock readWrite = locks.asReadWriteLock(KEY);

    @AfterEach
    void nothingIsRetained() {
        Thread.interrupted();
        assertThat(locks.parts().gates().all()).isEmpty();
        locks.close();
    }

    private static boolean freeForOthers(Lock asked) throws Exception {
        return OtherThread.call(() -> {
            boolean got = asked.tryLock();
            if (got) {
                asked.unlock();
            }
            return got;
        });
    }

    private void untilSomebodyWaits() {
        OtherThread.until(() -> !locks.inspect(KEY).waiters().isEmpty());
    }

    @Test
    void lockIsFreedByAsManyUnlocksAsLocks() throws Exception {
        lock.lock();
        lock.lock();
        lock.unlock();
        assertThat(freeForOthers(lock)).isFalse();
        lock.unlock();
        assertThat(freeForOthers(lock)).isTrue();
    }

    @Test
    void unlockByAStrangerIsIllegalAndFreesNothing() throws Exception {
        lock.lock();
        Throwable failure = OtherThread.start(() -> {
                    lock.unlock();
                    return null;
                })
                .failure();
        assertThat(failure).isInstanceOf(IllegalMonitorStateException.class).hasMessageContaining("user[42]");
        assertThat(freeForOthers(lock)).isFalse();
        lock.unlock();
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void unlockDoesNotCloseAHandleOfTheSameThread() throws Exception {
        try (HeldLock held = locks.acquire(KEY)) {
            assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
            lock.lock();
            lock.unlock();
            assertThat(held.isHeld()).isTrue();
        }
        assertThat(freeForOthers(lock)).isTrue();
    }

    @Test
    void aHandleClosedFirstLeavesTheViewsEntries() throws Exception {
        HeldLock held = locks.acquire(KEY);
        lock.lock();
        held.close();
        assertThat(freeForOthers(lock)).isFalse();
        lock.unlock();
    }

    @Test
    void lockWaitsThroughAnInterruptAndKeepsTheFlag() throws Exception {
        lock.lock();
        OtherThread<Boolean> waiter = OtherThread.start(() -> {
            lock.lock();
            boolean flag = Thread.currentThread().isInterrupted();
            lock.unlock();
            return flag;
        });
        untilSomebodyWaits();
        waiter.interrupt();
        assertThat(waiter.isDone()).isFalse();
        lock.unlock();
        assertThat(waiter.result()).isTrue();
    }

    @Test
    void lockInterruptiblyAndTimedTryLockThrowAtOnceWhenAlreadyInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> lock.tryLock(1, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void tryLockDoesNotMindAnInterrupt() {
        Thread.currentThread().interrupt();
        assertThat(lock.tryLock()).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        lock.unlock();
    }

    @Test
    void anInterruptEndsAnInterruptibleWaitAndLeavesNothingInTheQueue() throws Exception {
        lock.lock();
        OtherThread<Object> waiter = OtherThread.start(() -> {
            lock.lockInterruptibly();
            return null;
        });
        untilSomebodyWaits();
        waiter.interrupt();
        assertThat(waiter.failure()).isInstanceOf(InterruptedException.class);
        assertThat(locks.inspect(KEY).waiters()).isEmpty();
        lock.unlock();
    }

    @Test
    void timedTryLockEndsWithoutTheLock() throws Exception {
        lock.lock();
        long begin = System.nanoTime();
        assertThat(OtherThread.call(() -> lock.tryLock(50, TimeUnit.MILLISECONDS)))
                .isFalse();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
        lock.unlock();
    }

    @Test
    void aNegativeWaitDoesNotWait() throws Exception {
        lock.lock();
        boolean got = OtherThread.call(() -> lock.tryLock(-1, TimeUnit.DAYS));
        assertThat(got).isFalse();
        lock.unlock();
    }

    @Test
    void readersStandTogetherAndKeepAWriterOut() throws Exception {
        readWrite.readLock().lock();
        OtherThread.call(() -> {
            readWrite.readLock().lock();
            readWrite.readLock().unlock();
            return null;
        });
        assertThat(freeForOthers(readWrite.writeLock())).isFalse();
        readWrite.readLock().unlock();
        assertThat(readWrite.writeLock().tryLock()).isTrue();
        assertThat(freeForOthers(readWrite.readLock())).isFalse();
        readWrite.writeLock().unlock();
    }

    @Test
    void aWriterMayReadAndReadersMayNotWrite() {
        readWrite.writeLock().lock();
        readWrite.readLock().lock();
        readWrite.writeLock().unlock();
        assertThatThrownBy(readWrite.writeLock()::unlock).isInstanceOf(IllegalMonitorStateException.class);
        readWrite.readLock().unlock();

        readWrite.readLock().lock();
        assertThatThrownBy(readWrite.writeLock()::lock).isInstanceOf(LockUsageException.class);
        assertThatThrownBy(readWrite.writeLock()::unlock).isInstanceOf(IllegalMonitorStateException.class);
        readWrite.readLock().unlock();
    }

    @Test
    void aWaitingWriterIsNotStarvedByReaders() throws Exception {
        readWrite.readLock().lock();
        OtherThread<Object> writer = OtherThread.start(() -> {
            readWrite.writeLock().lock();
            readWrite.writeLock().unlock();
            return null;
        });
        untilSomebodyWaits();
        assertThat(freeForOthers(readWrite.readLock())).isFalse();
        readWrite.readLock().unlock();
        writer.result();
    }

    @Test
    void conditionsAreUnsupportedAndSaySo() {
        assertThatThrownBy(lock::newCondition)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("no conditions");
    }
}
