package io.lockweave.spring.suites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.testkit.Together;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.integration.support.locks.LockRegistry;
import org.springframework.integration.util.CheckedCallable;

/**
 * What Spring Integration's tests expect of a {@link LockRegistry}, of two processes on one store. Spring Integration's
 * own registry in a database passes it as well. Where ours differs on purpose is {@link RegistryDifferences}. What any
 * lock does is in {@link JdkLockContract}.
 */
@Timeout(60)
abstract class RegistryContract {

    private final String key = "k" + UUID.randomUUID();

    /** The registry of one process. */
    abstract LockRegistry<? extends Lock> here();

    /** That of another process. */
    abstract LockRegistry<? extends Lock> there();

    @AfterEach
    final void forgetInterrupts() {
        Thread.interrupted();
    }

    final String key() {
        return key;
    }

    final boolean freeThere() {
        return JdkLockContract.freeForOthers(there().obtain(key));
    }

    @Test
    void aLockIsTakenAndGivenBackTimeAfterTime() throws Exception {
        for (int i = 0; i < 10; i++) {
            Lock lock = here().obtain(key);
            lock.lock();
            lock.unlock();
            lock.lockInterruptibly();
            lock.unlock();
            assertThat(lock.tryLock(10, TimeUnit.SECONDS)).isTrue();
            lock.unlock();
        }
        assertThat(freeThere()).isTrue();
    }

    @Test
    void aKeyObtainedAgainIsTheSameLock() {
        here().obtain(key).lock();
        assertThat(here().obtain(key).tryLock()).isTrue();
        here().obtain(key).unlock();
        assertThat(freeThere()).isFalse();
        here().obtain(key).unlock();
        assertThat(freeThere()).isTrue();
    }

    @Test
    void anEqualKeyIsTheSameLock() {
        here().obtain(key).lock();
        assertThat(JdkLockContract.freeForOthers(there().obtain(new StringBuilder(key).toString())))
                .isFalse();
        here().obtain(new StringBuilder(key).toString()).unlock();
        assertThat(freeThere()).isTrue();
    }

    @Test
    void oneThreadHoldsLocksOfSeveralKeysAndUnlocksThemInAnyOrder() {
        Lock one = here().obtain(key + "1");
        Lock two = here().obtain(key + "2");
        one.lock();
        two.lock();
        one.unlock();
        assertThatThrownBy(one::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(JdkLockContract.freeForOthers(there().obtain(key + "1"))).isTrue();
        assertThat(JdkLockContract.freeForOthers(there().obtain(key + "2"))).isFalse();
        two.unlock();
    }

    @Test
    void theSecondProcessGetsInWhenTheFirstLeaves() {
        CountDownLatch begun = new CountDownLatch(1);
        boolean[] left = new boolean[1];
        here().obtain(key).lock();
        Someone<Boolean> second = Someone.begins(() -> {
            Lock lock = there().obtain(key);
            assertThat(lock.tryLock()).isFalse();
            begun.countDown();
            lock.lockInterruptibly();
            boolean first = left[0];
            lock.unlock();
            return first;
        });
        Together.awaitQuietly(begun);
        left[0] = true;
        here().obtain(key).unlock();
        assertThat(second.result()).isTrue();
    }

    @Test
    void nobodyUnlocksForTheOtherProcess() {
        here().obtain(key).lock();
        assertThatThrownBy(there().obtain(key)::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(freeThere()).isFalse();
        here().obtain(key).unlock();
    }

    @Test
    void aTimedTryFailsWhileTheOtherProcessHasTheLock() {
        here().obtain(key).lock();
        assertThat(Someone.does(() -> there().obtain(key).tryLock(30, TimeUnit.MILLISECONDS)))
                .isFalse();
        here().obtain(key).unlock();
        assertThat(Someone.does(() -> {
                    boolean got = there().obtain(key).tryLock(20, TimeUnit.SECONDS);
                    there().obtain(key).unlock();
                    return got;
                }))
                .isTrue();
    }

    @Test
    void aCounterOfTwoProcessesLosesNothing() {
        int[] counter = new int[1];
        List<LockRegistry<? extends Lock>> processes = List.of(here(), there());
        Together.run(4, i -> {
            for (int n = 0; n < 5; n++) {
                Lock lock = processes.get(i % 2).obtain(key);
                lock.lock();
                int before = counter[0];
                Thread.onSpinWait();
                counter[0] = before + 1;
                lock.unlock();
            }
            return i;
        });
        assertThat(counter[0]).isEqualTo(4 * 5);
    }

    @Test
    void workRunsUnderTheLockAndItsResultComesBack() throws Exception {
        CheckedCallable<Boolean, RuntimeException> work = this::freeThere;
        assertThat(here().executeLocked(key, work)).isFalse();
        assertThat(here().executeLocked(key, Duration.ofSeconds(1), work)).isFalse();
        assertThat(freeThere()).isTrue();
    }

    @Test
    void whatTheWorkThrowsComesOutUnchangedAndTheLockIsFree() {
        TimeoutException own = new TimeoutException("the work's own");
        CheckedCallable<Boolean, TimeoutException> work = () -> {
            throw own;
        };
        assertThatThrownBy(() -> here().executeLocked(key, work)).isSameAs(own);
        assertThat(freeThere()).isTrue();
        assertThatThrownBy(() -> here().executeLocked(key, Duration.ofSeconds(1), work))
                .isSameAs(own);
        assertThat(freeThere()).isTrue();
    }

    @Test
    void workThatMayNotWaitLongerDoesNotRun() {
        here().obtain(key).lock();
        int[] runs = new int[1];
        CheckedCallable<Integer, RuntimeException> work = () -> runs[0]++;
        assertThat(Someone.begins(() -> there().executeLocked(key, Duration.ofMillis(30), work))
                        .failure())
                .isInstanceOf(TimeoutException.class);
        assertThat(runs[0]).isZero();
        here().obtain(key).unlock();
    }

    @Test
    void workOfAnInterruptedThreadDoesNotRun() {
        int[] runs = new int[1];
        CheckedCallable<Integer, RuntimeException> work = () -> runs[0]++;
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> here().executeLocked(key, work)).isInstanceOf(InterruptedException.class);
        assertThat(runs[0]).isZero();
        assertThat(freeThere()).isTrue();
    }
}
