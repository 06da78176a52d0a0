package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A lock that was given back and is only kept for its least time is nobody's, its last owner's neither. */
@Timeout(30)
class KeptLocksTest {

    private static final LockKey KEY = LockKey.of("kept");
    private static final LockOptions FOR_A_MINUTE =
            LockOptions.defaults().holdAtLeast(Duration.ofMinutes(1)).waitTime(Duration.ZERO);

    private final Locks locks = Locks.local();

    @AfterEach
    void close() {
        locks.close();
    }

    @Test
    void anAsynchronousFlowDoesNotGetItInTheNameOfItsLastOwner() throws Exception {
        locks.acquire(KEY, LockOptions.defaults().holdAtLeast(Duration.ofMillis(200)))
                .close();
        CompletableFuture<HeldLock> flow = locks.acquireAllAsync(List.of(KEY), LockOptions.defaults());
        HeldLock held = flow.get(10, TimeUnit.SECONDS);
        assertThat(locks.tryAcquire(KEY)).as("this thread is another owner").isEmpty();
        held.close();
    }

    @Test
    void askingForItInAnotherModeIsBusyAndNotAMistake() {
        locks.acquire(KEY, FOR_A_MINUTE.shared()).close();
        assertThatThrownBy(() -> locks.acquire(KEY, LockOptions.defaults().waitTime(Duration.ZERO)))
                .isInstanceOf(LockUnavailableException.class);
    }

    @Test
    void aFurtherPermitOfTheSameOwnerIsEnteredAgain() {
        locks.acquire(KEY, FOR_A_MINUTE.permits(2)).close();
        HeldLock second = locks.acquire(KEY, FOR_A_MINUTE.permits(2));
        HeldLock again = locks.acquire(KEY, FOR_A_MINUTE.permits(2));
        assertThat(again.fence()).isEqualTo(second.fence());
        again.close();
        second.close();
    }

    @Test
    void aViewUnlocksWhatItLocked() {
        locks.acquire(KEY, FOR_A_MINUTE.shared()).close();
        Lock reading = locks.asReadWriteLock(KEY).readLock();
        reading.lock();
        reading.unlock();
        assertThatThrownBy(reading::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void waitingForAPermitThatIsOnlyKeptIsNoDeadlock() {
        try (HeldLock other = locks.acquire(LockKey.of("other"))) {
            LockOptions briefly = LockOptions.defaults().permits(2).holdAtLeast(Duration.ofMillis(300));
            locks.acquire(KEY, briefly).close();
            locks.acquire(KEY, briefly).close();
            locks.acquire(KEY, briefly).close();
            assertThat(other.isHeld()).isTrue();
        }
    }
}
