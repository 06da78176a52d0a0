package io.lockweave.spring.suites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockDeadlockException;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockScope;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import org.junit.jupiter.api.Test;

/**
 * The JDK's rules for our views, and where the views differ from the JDK's locks on purpose:
 *
 * <ul>
 *   <li>there are no conditions, since waiters may be in other JVMs
 *   <li>a reader who asks to write gets an exception, where the JDK's {@code lock} waits for itself for ever
 *   <li>two threads that wait for each other get an exception
 *   <li>a writer who goes on reading keeps readers out too, since the store has it as a writer until the end
 *   <li>{@code tryLock} of a reader does not pass a waiting writer
 *   <li>a lock can be lost, and closing the locks ends all waits
 *   <li>threads of one scope are one owner
 *   <li>a view is a view: two of one key are one lock, and none of them is serializable
 * </ul>
 */
abstract class JdkLockDifferences extends JdkReadWriteContract {

    abstract Locks locks();

    abstract LockKey key();

    @Override
    final Lock lock() {
        return locks().asLock(key());
    }

    @Override
    final ReadWriteLock readWrite() {
        return locks().asReadWriteLock(key());
    }

    @Override
    final int waiters() {
        return locks().inspect(key()).waiters().size();
    }

    @Test
    void differs_thereAreNoConditions() {
        assertThatThrownBy(lock()::newCondition).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(readWrite().writeLock()::newCondition).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void differs_aReaderWhoAsksToWriteIsToldSo() {
        Lock write = readWrite().writeLock();
        readWrite().readLock().lock();
        assertThatThrownBy(write::lock).isInstanceOf(LockUsageException.class);
        assertThatThrownBy(write::tryLock).isInstanceOf(LockUsageException.class);
        assertThatThrownBy(() -> write.tryLock(1, TimeUnit.DAYS)).isInstanceOf(LockUsageException.class);
        readWrite().readLock().unlock();
        assertThat(freeForOthers(write)).isTrue();
    }

    @Test
    void differs_twoWhoWaitForEachOtherAreToldSo() {
        Lock mine = lock();
        Lock theirs = locks().asLock(LockKey.of("theirs", key().value()));
        mine.lock();
        Someone<Boolean> other = Someone.begins(() -> {
            theirs.lock();
            try {
                return through(mine);
            } finally {
                theirs.unlock();
            }
        });
        untilWaiting(1);
        assertThatThrownBy(theirs::lock).isInstanceOf(LockDeadlockException.class);
        mine.unlock();
        assertThat(other.result()).isTrue();
    }

    @Test
    void differs_aWriterWhoGoesOnReadingKeepsReadersOutToo() {
        readWrite().writeLock().lock();
        readWrite().readLock().lock();
        readWrite().writeLock().unlock();
        assertThat(freeForOthers(readWrite().readLock())).isFalse();
        readWrite().readLock().unlock();
        assertThat(freeForOthers(readWrite().readLock())).isTrue();
    }

    @Test
    void differs_aReadersTryDoesNotPassAWaitingWriter() {
        readWrite().readLock().lock();
        Someone<Boolean> writer = Someone.begins(() -> through(readWrite().writeLock()));
        untilWaiting(1);
        assertThat(freeForOthers(readWrite().readLock())).isFalse();
        readWrite().readLock().unlock();
        assertThat(writer.result()).isTrue();
    }

    @Test
    void differs_aLockThatWasLostSaysSoOnceForEachHold() {
        lock().lock();
        lock().lock();
        assertThat(locks().forceRelease(key())).isTrue();
        assertThatThrownBy(lock()::unlock).isInstanceOf(LockLostException.class);
        assertThatThrownBy(lock()::tryLock).isInstanceOf(LockLostException.class);
        assertThatThrownBy(lock()::unlock).isInstanceOf(LockLostException.class);
        assertThatThrownBy(lock()::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(freeForOthers(lock())).isTrue();
    }

    @Test
    void differs_closingEndsAWaitThatNoInterruptEnds() {
        lock().lock();
        Someone<Boolean> waiter = Someone.begins(() -> through(lock()));
        untilWaiting(1);
        locks().close();
        assertThat(waiter.failure()).isInstanceOf(LockUnavailableException.class);
    }

    @Test
    void differs_threadsOfOneScopeAreOneOwner() throws Exception {
        LockScope scope = LockScope.named("flow");
        scope.run(lock()::lock);
        assertThat(lock().tryLock()).as("outside of the scope").isFalse();
        Someone.does(() -> {
            scope.run(lock()::unlock);
            return true;
        });
        assertThat(freeForOthers(lock())).isTrue();
    }

    @Test
    void differs_twoViewsOfOneKeyAreOneLock() {
        Lock one = lock();
        Lock write = readWrite().writeLock();
        assertThat(one).isNotInstanceOf(Serializable.class).hasToString("Lock[" + key().in("lockweave") + "]");
        one.lock();
        assertThat(freeForOthers(write)).isFalse();
        write.unlock();
        assertThat(freeForOthers(one)).isTrue();
    }
}
