package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockEvent;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.local.LocalBackend;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the engine's threads know of who needed them first, and whom they wait for. */
@Timeout(60)
class EngineThreadsTest {

    private static final LockKey KEY = LockKey.of("user", 42);

    /** What a thread carries around. */
    private record Baggage(String user, ClassLoader loader) {}

    private static final InheritableThreadLocal<String> USER = new InheritableThreadLocal<>();

    private static Baggage baggage() {
        return new Baggage(USER.get(), Thread.currentThread().getContextClassLoader());
    }

    @Test
    void engineThreadsInheritNothingFromWhoNeedsThemFirst() throws Exception {
        Queue<Baggage> seen = new ConcurrentLinkedQueue<>();
        MapStore store = new MapStore() {
            @Override
            public List<io.lockweave.spi.Renewal> renew(List<io.lockweave.spi.Grant> grants, Duration lease) {
                seen.add(baggage());
                return super.renew(grants, lease);
            }
        };
        try (LockEngine locks = Engines.on(store, Threads::daemon, event -> {
                    if (event.type() == LockEvent.Type.LOST) {
                        seen.add(baggage());
                    }
                });
                URLClassLoader context = new URLClassLoader(new URL[0])) {
            OtherThread.call(() -> {
                USER.set("alice");
                Thread.currentThread().setContextClassLoader(context);
                HeldLock held = locks.acquire(KEY, LockOptions.defaults().leaseTime(Duration.ofMillis(300)));
                OtherThread.until(() -> seen.size() >= 1); // the timer's and a renewer's
                locks.acquireAsync(LockKey.of("other"))
                        .thenAcceptAsync(other -> other.close(), task -> task.run())
                        .get(10, TimeUnit.SECONDS);
                LockKey busy = LockKey.of("busy");
                HeldLock theirs = OtherThread.call(() -> locks.acquire(busy));
                CompletableFuture<HeldLock> later =
                        locks.acquireAsync(busy).whenComplete((got, e) -> seen.add(baggage()));
                theirs.close();
                locks.forceRelease(KEY);
                later.get(10, TimeUnit.SECONDS).close();
                locks.submit(List.of(KEY), LockOptions.defaults(), () -> seen.add(baggage()))
                        .get(10, TimeUnit.SECONDS);
                OtherThread.until(() -> seen.size() >= 4);
                held.close();
                return true;
            });
            assertThat(seen).allSatisfy(one -> {
                assertThat(one.user()).isNull();
                assertThat(one.loader()).isSameAs(LockEngine.class.getClassLoader());
            });
        }
    }

    @Test
    void tasksThatWaitForTasksOfOtherKeysAllEnd() throws Exception {
        try (LockEngine locks = Engines.on(new LocalBackend(), Threads::daemon)) {
            int many = 100;
            List<CompletableFuture<Integer>> outer = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                LockKey inner = LockKey.of("inner", i);
                outer.add(locks.submit(List.of(LockKey.of("outer", i)), LockOptions.defaults(), () -> locks.submit(
                                List.of(inner), LockOptions.defaults(), () -> 1)
                        .get()));
            }
            int sum = 0;
            for (CompletableFuture<Integer> one : outer) {
                sum += one.get(30, TimeUnit.SECONDS);
            }
            assertThat(sum).isEqualTo(many);
        }
    }

    @Test
    void rule15_closingFromATaskDoesNotWaitForItself() throws Exception {
        LockEngine locks = Engines.on(new LocalBackend(), Threads::daemon);
        long start = System.nanoTime();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        locks.submit(List.of(KEY), LockOptions.defaults(), () -> {
            locks.close();
            return interrupted.complete(Thread.currentThread().isInterrupted());
        });
        assertThat(interrupted.get(20, TimeUnit.SECONDS))
                .as("interrupted by its own closing")
                .isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void rule15_closingFromALossActionDoesNotWaitForItself() throws Exception {
        LockEngine locks = Engines.on(new MapStore(), Threads::daemon);
        CountDownLatch closed = new CountDownLatch(1);
        long start = System.nanoTime();
        locks.acquire(KEY).onLost(lost -> {
            locks.close();
            closed.countDown();
        });
        locks.forceRelease(KEY);
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void rule20_aWaitInAForkJoinPoolLeavesThePoolItsParallelism() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(1);
        try (LockEngine locks = Engines.on(new LocalBackend(), Threads::daemon)) {
            HeldLock held = locks.acquire(KEY);
            AtomicInteger waited = new AtomicInteger();
            CompletableFuture<?> waiter = CompletableFuture.runAsync(
                    () -> {
                        locks.acquire(KEY).close();
                        waited.incrementAndGet();
                    },
                    pool);
            OtherThread.until(() -> !locks.inspect(KEY).waiters().isEmpty());
            CompletableFuture.runAsync(held::close, pool).get(5, TimeUnit.SECONDS);
            waiter.get(5, TimeUnit.SECONDS);
            assertThat(waited).hasValue(1);
        } finally {
            pool.shutdownNow();
        }
    }
}
