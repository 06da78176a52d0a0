package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockRelease;
import io.lockweave.spi.Grant;
import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Claims that come while the store is told of a release here, by a clock that stands still. */
@Timeout(30)
class SentReleaseQueueTest {

    private static final LockKey KEY = LockKey.of("thing");
    private static final LockOptions SENT = LockOptions.defaults().release(LockRelease.SENT);
    private static final LockOptions NO_WAIT = LockOptions.defaults().waitTime(Duration.ZERO);

    private final CountDownLatch answers = new CountDownLatch(1);
    private final TimeSource stopped = new TimeSource() {
        @Override
        public long nanoTime() {
            return 1;
        }

        @Override
        public void parkNanos(Object blocker, long nanos) {
            LockSupport.park(blocker);
        }
    };
    private final MapStore store = new MapStore() {
        @Override
        public boolean release(Grant grant) {
            awaitQuietly(answers);
            return super.release(grant);
        }
    };
    private final LockEngine locks = Engines.on(store, Threads::daemon, stopped);
    private final ExecutorService claims = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        answers.countDown();
        claims.shutdownNow();
        locks.close();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void ofTwoThatDoNotWaitTheSecondIsRefusedAsSoonAsTheReleaseIsAnswered() {
        locks.acquire(KEY, SENT).close();
        List<CompletableFuture<Optional<HeldLock>>> asked = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> locks.tryAcquire(KEY, NO_WAIT), claims))
                .limit(2)
                .toList();
        await().until(() -> waiters() == 2);
        answers.countDown();
        List<Optional<HeldLock>> got = asked.stream()
                .map(one -> one.orTimeout(10, TimeUnit.SECONDS).join())
                .toList();
        assertThat(got).filteredOn(Optional::isPresent).hasSize(1);
        got.forEach(held -> held.ifPresent(HeldLock::close));
    }

    @Test
    void anAsynchronousOneIsRefusedToo() {
        locks.acquire(KEY, SENT).close();
        List<CompletableFuture<HeldLock>> asked =
                Stream.generate(() -> locks.acquireAsync(KEY, NO_WAIT)).limit(2).toList();
        await().until(() -> waiters() == 2);
        answers.countDown();
        assertThat(asked.stream()
                        .map(one -> one.orTimeout(10, TimeUnit.SECONDS)
                                .handle(SentReleaseQueueTest::heldOrNull)
                                .join())
                        .filter(Objects::nonNull))
                .hasSize(1);
    }

    private static HeldLock heldOrNull(HeldLock held, Throwable busy) {
        if (busy instanceof TimeoutException) {
            throw new AssertionError("neither got it nor was refused");
        }
        return held;
    }

    private int waiters() {
        return locks.parts().gates().all().stream()
                .mapToInt(gate -> gate.waiters().size())
                .sum();
    }
}
