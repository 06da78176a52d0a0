package io.lockweave.invoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.Lockweave;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locked calls whose result comes later do not depend on whether the common pool has room. */
@Timeout(60)
class AsyncThreadsTest {

    private static final LockKey KEY = LockKey.of("busy", 1);

    private final Locks locks = Locks.local();
    private final CountDownLatch end = new CountDownLatch(1);

    static class Work {
        @Locked(name = "busy", key = "#id")
        CompletableFuture<String> later(int id, CompletableFuture<String> own) {
            return own;
        }

        @Locked(name = "busy", key = "#id")
        CompletionStage<String> broken(int id) {
            return new CompletableFuture<>() {
                @Override
                public CompletableFuture<String> whenComplete(BiConsumer<? super String, ? super Throwable> action) {
                    throw new UnsupportedOperationException("a stage of the user's own making");
                }
            };
        }
    }

    @BeforeEach
    void use() {
        Lockweave.use(locks);
    }

    @AfterEach
    void reset() {
        end.countDown();
        Lockweave.reset();
        locks.close();
    }

    /** As if each of its threads waited for something. */
    private void fillTheCommonPool() throws InterruptedException {
        int threads = Math.max(1, ForkJoinPool.getCommonPoolParallelism());
        CountDownLatch filled = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            ForkJoinPool.commonPool().execute(() -> {
                filled.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        filled.await();
    }

    @Test
    void rule20_aLockEndsThoughTheCommonPoolIsFull() throws Exception {
        CompletableFuture<String> own = new CompletableFuture<>();
        CompletableFuture<String> result = new Work().later(1, own);
        fillTheCommonPool();
        own.complete("done");
        await().until(() -> !locks.isLocked(KEY));
        assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo("done");
    }

    @Test
    void rule20_aCallThatHadToWaitGoesOnThoughTheCommonPoolIsFull() throws Exception {
        HeldLock held = locks.acquire(KEY);
        CompletableFuture<String> own = CompletableFuture.completedFuture("done");
        CompletableFuture<String> result = new Work().later(1, own);
        fillTheCommonPool();
        held.close();
        assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo("done");
        await().until(() -> !locks.isLocked(KEY));
    }

    @Test
    void rule20_manyWaitersInTheCommonPoolDoNotStarveTheOneWhoReleases() throws Exception {
        HeldLock held = locks.acquire(KEY);
        List<CompletableFuture<Void>> waiters = new ArrayList<>();
        for (int i = 0; i < 2 * ForkJoinPool.getCommonPoolParallelism() + 2; i++) {
            waiters.add(CompletableFuture.runAsync(() -> locks.acquire(KEY).close(), ForkJoinPool.commonPool()));
        }
        await().until(() -> !locks.inspect(KEY).waiters().isEmpty());
        CompletableFuture.runAsync(held::close, ForkJoinPool.commonPool()).get(5, TimeUnit.SECONDS);
        CompletableFuture.allOf(waiters.toArray(CompletableFuture[]::new)).get(8, TimeUnit.SECONDS);
    }

    @Test
    void rule09_aStageThatCannotBeFollowedEndsTheLock() throws Exception {
        CompletionStage<String> result = new Work().broken(1);
        assertThatThrownBy(() -> result.toCompletableFuture().get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(UnsupportedOperationException.class);
        await().atMost(Duration.ofSeconds(10)).until(() -> !locks.isLocked(KEY));
    }
}
