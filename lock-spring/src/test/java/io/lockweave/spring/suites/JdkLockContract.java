package io.lockweave.spring.suites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.testkit.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the JSR-166 tests expect of any {@link Lock}, be it one of a {@link ReadWriteLock} or not. The JDK's own locks
 * pass it as well, so it asks for nothing of our own. Where our views differ on purpose is {@link JdkLockDifferences}.
 */
@Timeout(60)
abstract class JdkLockContract {

    /** Which of the locks is under test. */
    enum Kind {
        LOCK,
        READ,
        WRITE
    }

    abstract Lock lock();

    abstract ReadWriteLock readWrite();

    /** How many threads wait for any of them. */
    abstract int waiters();

    @AfterEach
    final void forgetInterrupts() {
        Thread.interrupted();
    }

    private Lock of(Kind kind) {
        return switch (kind) {
            case LOCK -> lock();
            case READ -> readWrite().readLock();
            case WRITE -> readWrite().writeLock();
        };
    }

    /** The one that excludes it. */
    private Lock against(Kind kind) {
        return kind == Kind.LOCK ? lock() : readWrite().writeLock();
    }

    final void untilWaiting(int threads) {
        await().pollInterval(Duration.ofMillis(1)).until(() -> waiters() == threads);
    }

    static boolean freeForOthers(Lock lock) {
        return Someone.does(() -> {
            boolean got = lock.tryLock();
            if (got) {
                lock.unlock();
            }
            return got;
        });
    }

    static Boolean through(Lock lock) {
        lock.lock();
        lock.unlock();
        return true;
    }

    @ParameterizedTest
    @EnumSource
    void everyWayInCountsAsOneHoldAndEachUnlockEndsOne(Kind kind) throws Exception {
        Lock lock = of(kind);
        lock.lock();
        lock.lockInterruptibly();
        assertThat(lock.tryLock()).isTrue();
        assertThat(lock.tryLock(0, TimeUnit.SECONDS)).isTrue();
        assertThat(lock.tryLock(1, TimeUnit.DAYS)).isTrue();
        for (int left = 5; left > 0; left--) {
            assertThat(freeForOthers(against(kind))).as("with %d holds", left).isFalse();
            lock.unlock();
        }
        assertThat(freeForOthers(against(kind))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void unlockWithoutAHoldOfOnesOwnIsIllegal(Kind kind) {
        Lock lock = of(kind);
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
        lock.lock();
        assertThat(Someone.begins(() -> {
                            lock.unlock();
                            return true;
                        })
                        .failure())
                .isInstanceOf(IllegalMonitorStateException.class);
        assertThat(freeForOthers(against(kind))).isFalse();
        lock.unlock();
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @ParameterizedTest
    @EnumSource
    void lockWaitsOnWhenInterruptedAndTellsOfItAfterwards(Kind kind) {
        against(kind).lock();
        Someone<Boolean> waiter = Someone.begins(() -> {
            of(kind).lock();
            boolean flag = Thread.currentThread().isInterrupted();
            of(kind).unlock();
            return flag;
        });
        untilWaiting(1);
        waiter.interrupt();
        assertThat(waiter.isDone()).isFalse();
        assertThat(waiters()).isEqualTo(1);
        against(kind).unlock();
        assertThat(waiter.result()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void lockAndTryLockOfAFreeLockLeaveTheInterruptAlone(Kind kind) {
        Thread.currentThread().interrupt();
        of(kind).lock();
        assertThat(of(kind).tryLock()).isTrue();
        of(kind).unlock();
        of(kind).unlock();
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whoIsInterruptedBeforehandDoesNotGetInByAWayThatCanBeInterrupted(Kind kind) {
        Lock lock = of(kind);
        for (boolean alreadyHeld : new boolean[] {false, true}) {
            if (alreadyHeld) {
                lock.lock();
            }
            Thread.currentThread().interrupt();
            assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(InterruptedException.class);
            for (long time : new long[] {-1, 0, 1}) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> lock.tryLock(time, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
                assertThat(Thread.interrupted()).as("after %d", time).isFalse();
            }
        }
        lock.unlock();
        assertThat(freeForOthers(against(kind))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsAWaitAndLeavesNothingBehind(Kind kind) {
        against(kind).lock();
        Someone<Boolean> patient = Someone.begins(() -> {
            of(kind).lockInterruptibly();
            return true;
        });
        Someone<Boolean> timed = Someone.begins(() -> of(kind).tryLock(1, TimeUnit.DAYS));
        untilWaiting(2);
        patient.interrupt();
        timed.interrupt();
        assertThat(patient.failure()).isInstanceOf(InterruptedException.class);
        assertThat(timed.failure()).isInstanceOf(InterruptedException.class);
        untilWaiting(0);
        against(kind).unlock();
        assertThat(freeForOthers(against(kind))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whoLeavesTheMiddleOfTheQueueStopsNobody(Kind kind) {
        against(kind).lock();
        Someone<Boolean> first = Someone.begins(() -> through(of(kind)));
        untilWaiting(1);
        Someone<Boolean> leaving = Someone.begins(() -> of(kind).tryLock(1, TimeUnit.DAYS));
        untilWaiting(2);
        Someone<Boolean> last = Someone.begins(() -> through(of(kind)));
        untilWaiting(3);
        leaving.interrupt();
        assertThat(leaving.failure()).isInstanceOf(InterruptedException.class);
        against(kind).unlock();
        assertThat(first.result()).isTrue();
        assertThat(last.result()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aTimedTryEndsWithoutTheLockAndNotSooner(Kind kind) {
        against(kind).lock();
        long start = System.nanoTime();
        assertThat(Someone.does(() -> of(kind).tryLock(20, TimeUnit.MILLISECONDS)))
                .isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        assertThat(waiters()).isZero();
        against(kind).unlock();
    }

    @ParameterizedTest
    @EnumSource
    void aTimeThatIsNotPositiveDoesNotWaitButTakesWhatIsFree(Kind kind) throws Exception {
        for (long time : new long[] {0, -1, Long.MIN_VALUE}) {
            assertThat(of(kind).tryLock(time, TimeUnit.DAYS)).isTrue();
            of(kind).unlock();
            against(kind).lock();
            assertThat(Someone.does(() -> of(kind).tryLock(time, TimeUnit.DAYS)))
                    .isFalse();
            against(kind).unlock();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLongestTimeWaitsUntilTheLockIsFree(Kind kind) {
        against(kind).lock();
        Someone<Boolean> waiter = Someone.begins(() -> {
            boolean got = of(kind).tryLock(Long.MAX_VALUE, TimeUnit.DAYS);
            of(kind).unlock();
            return got;
        });
        untilWaiting(1);
        against(kind).unlock();
        assertThat(waiter.result()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aTimedTryWithoutAUnitIsAMistakeAndTakesNothing(Kind kind) {
        assertThatThrownBy(() -> of(kind).tryLock(1, null)).isInstanceOf(NullPointerException.class);
        assertThat(freeForOthers(against(kind))).isTrue();
    }

    @Test
    void everyWaiterGetsInOneAfterTheOther() {
        int[] inside = new int[1];
        lock().lock();
        List<Someone<Boolean>> waiting = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            waiting.add(Someone.begins(() -> {
                lock().lock();
                inside[0]++;
                lock().unlock();
                return true;
            }));
            untilWaiting(i);
        }
        lock().unlock();
        waiting.forEach(Someone::result);
        assertThat(Someone.<Integer>does(() -> {
                    lock().lock();
                    try {
                        return inside[0];
                    } finally {
                        lock().unlock();
                    }
                }))
                .isEqualTo(5);
    }

    @Test
    void aPlainCounterUnderTheLockLosesNothing() {
        int[] counter = new int[1];
        Together.run(4, i -> {
            for (int n = 0; n < 100; n++) {
                lock().lock();
                int before = counter[0];
                Thread.onSpinWait();
                counter[0] = before + 1;
                lock().unlock();
            }
            return i;
        });
        assertThat(counter[0]).isEqualTo(4 * 100);
    }
}
