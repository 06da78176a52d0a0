package io.lockweave.spring.suites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.testkit.Together;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the JSR-166 tests expect of readers and writers, besides what they expect of any lock. */
abstract class JdkReadWriteContract extends JdkLockContract {

    @Test
    void readersAreInsideTogether() {
        CyclicBarrier allInside = new CyclicBarrier(4);
        Together.run(4, i -> {
            readWrite().readLock().lock();
            allInside.await(20, TimeUnit.SECONDS);
            readWrite().readLock().unlock();
            return i;
        });
        assertThat(freeForOthers(readWrite().writeLock())).isTrue();
    }

    @Test
    void aWriterEntersWhenTheLastReaderIsGone() {
        CountDownLatch leave = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        Someone<Boolean> reader = Someone.begins(() -> {
            readWrite().readLock().lock();
            inside.countDown();
            leave.await();
            readWrite().readLock().unlock();
            return true;
        });
        Together.awaitQuietly(inside);
        readWrite().readLock().lock();
        Someone<Boolean> writer = Someone.begins(() -> through(readWrite().writeLock()));
        untilWaiting(1);
        readWrite().readLock().unlock();
        assertThat(writer.isDone()).isFalse();
        assertThat(waiters()).isEqualTo(1);
        leave.countDown();
        assertThat(reader.result()).isTrue();
        assertThat(writer.result()).isTrue();
    }

    @Test
    void readersWhoWaitedForAWriterEnterTogether() {
        readWrite().writeLock().lock();
        CyclicBarrier allInside = new CyclicBarrier(3);
        List<Someone<Boolean>> readers = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            readers.add(Someone.begins(() -> {
                readWrite().readLock().lock();
                allInside.await(20, TimeUnit.SECONDS);
                readWrite().readLock().unlock();
                return true;
            }));
            untilWaiting(i);
        }
        readWrite().writeLock().unlock();
        assertThat(readers).allSatisfy(reader -> assertThat(reader.result()).isTrue());
    }

    @Test
    void aReaderEntersAgainAlthoughAWriterWaits() {
        readWrite().readLock().lock();
        Someone<Boolean> writer = Someone.begins(() -> through(readWrite().writeLock()));
        untilWaiting(1);
        readWrite().readLock().lock();
        assertThat(readWrite().readLock().tryLock()).isTrue();
        for (int i = 0; i < 3; i++) {
            assertThat(writer.isDone()).isFalse();
            readWrite().readLock().unlock();
        }
        assertThat(writer.result()).isTrue();
    }

    @Test
    void aNewReaderQueuesBehindAWaitingWriter() {
        readWrite().readLock().lock();
        Someone<Boolean> writer = Someone.begins(() -> through(readWrite().writeLock()));
        untilWaiting(1);
        Someone<Boolean> reader = Someone.begins(() -> through(readWrite().readLock()));
        untilWaiting(2);
        readWrite().readLock().unlock();
        assertThat(writer.result()).isTrue();
        assertThat(reader.result()).isTrue();
    }

    @Test
    void readersNoLongerWaitForAWriterWhoGaveUp() {
        readWrite().readLock().lock();
        Someone<Boolean> writer = Someone.begins(() -> readWrite().writeLock().tryLock(1, TimeUnit.DAYS));
        untilWaiting(1);
        Someone<Boolean> reader = Someone.begins(() -> through(readWrite().readLock()));
        untilWaiting(2);
        writer.interrupt();
        assertThat(writer.failure()).isInstanceOf(InterruptedException.class);
        assertThat(reader.result()).isTrue();
        readWrite().readLock().unlock();
    }

    @Test
    void aWriterReadsAndEachKindIsUnlockedAsOftenAsItWasLocked() {
        readWrite().writeLock().lock();
        readWrite().writeLock().lock();
        assertThat(readWrite().readLock().tryLock()).isTrue();
        readWrite().readLock().unlock();
        assertThatThrownBy(readWrite().readLock()::unlock).isInstanceOf(IllegalMonitorStateException.class);
        readWrite().writeLock().unlock();
        assertThat(freeForOthers(readWrite().readLock())).isFalse();
        readWrite().writeLock().unlock();
        assertThatThrownBy(readWrite().writeLock()::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(freeForOthers(readWrite().writeLock())).isTrue();
    }

    @Test
    void aWriterWhoGoesOnReadingKeepsWritersOut() {
        readWrite().writeLock().lock();
        readWrite().readLock().lock();
        readWrite().writeLock().unlock();
        assertThat(freeForOthers(readWrite().writeLock())).isFalse();
        assertThatThrownBy(readWrite().writeLock()::unlock).isInstanceOf(IllegalMonitorStateException.class);
        readWrite().readLock().unlock();
        assertThat(freeForOthers(readWrite().writeLock())).isTrue();
    }

    @Test
    void aReaderDoesNotUnlockForWriting() {
        readWrite().readLock().lock();
        assertThatThrownBy(readWrite().writeLock()::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(freeForOthers(readWrite().writeLock())).isFalse();
        readWrite().readLock().unlock();
    }

    @Test
    void aReadLockHasNoConditions() {
        assertThatThrownBy(readWrite().readLock()::newCondition).isInstanceOf(UnsupportedOperationException.class);
    }
}
