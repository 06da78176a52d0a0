package io.lockweave.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.TimeSource;
import io.lockweave.testkit.Together;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule 15 at its bad moments: whoever waits for a result gets one. */
@Timeout(60)
class ClosingTest {

    private static final LockKey KEY = LockKey.of("thing", 1);

    private static void endsForClosing(CompletableFuture<?> result) {
        assertThatThrownBy(() -> result.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(LockUnavailableException.class)
                .hasMessageContaining("closed");
    }

    /** Closes, and returns when that has come to where it waits for the threads it has told to stop. */
    private static Thread closing(Locks locks) {
        Thread closer = new Thread(locks::close, "closer");
        closer.start();
        await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
        return closer;
    }

    @Test
    void rule15_aClaimThatBeginsToWaitWhileTheLocksAreClosedEnds() throws Exception {
        AtomicBoolean slow = new AtomicBoolean();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        MemoryServer server = new MemoryServer(TimeSource.system()) {
            @Override
            Attempt tryAcquire(Claim claim) {
                Attempt attempt = super.tryAcquire(claim);
                if (slow.get()) {
                    asked.countDown();
                    Together.awaitQuietly(answer);
                }
                return attempt;
            }
        };
        try (Locks others = Locks.builder(new MemoryStore(server)).build();
                HeldLock held = others.acquire(KEY)) {
            slow.set(true);
            Locks here = Locks.builder(new MemoryStore(server)).build();
            CompletableFuture<HeldLock> waiting = here.acquireAsync(KEY);
            asked.await();
            Thread closer = closing(here);
            slow.set(false);
            answer.countDown();
            endsForClosing(waiting);
            closer.join();
            assertThat(held.isHeld()).isTrue();
        }
    }

    @Test
    void rule15_aTaskThatHasItsLocksAndNoThreadYetEnds() throws Exception {
        Locks locks = Locks.local();
        CountDownLatch never = new CountDownLatch(1);
        List<CompletableFuture<Integer>> busy = new ArrayList<>();
        // as many as there are threads for tasks that wait
        CountDownLatch begun = new CountDownLatch(512);
        for (int i = 0; i < 512; i++) {
            busy.add(locks.submit(List.of(LockKey.of("busy", i)), LockOptions.defaults(), () -> {
                begun.countDown();
                never.await();
                return 0;
            }));
        }
        begun.await();
        CompletableFuture<Integer> last = locks.submit(List.of(KEY), LockOptions.defaults(), () -> 1);
        await().until(() -> locks.isLocked(KEY));
        Thread closer = closing(locks);
        closer.interrupt(); // does not wait for the rest of the time it gives to tasks
        endsForClosing(last);
        for (CompletableFuture<Integer> one : busy) {
            assertThatThrownBy(() -> one.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
        }
        closer.join();
    }
}
