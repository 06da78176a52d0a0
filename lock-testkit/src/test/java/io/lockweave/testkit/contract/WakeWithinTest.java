package io.lockweave.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.Locks;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Waker;
import io.lockweave.testkit.ManualClock;
import io.lockweave.testkit.Together;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many waiters that are woken for the same reason do not all ask at once. */
@Timeout(60)
class WakeWithinTest {

    private static final int WAITERS = 20;
    private static final Duration WITHIN = Duration.ofMillis(400);

    private final ManualClock clock = ManualClock.startingAt(0);
    private final AtomicInteger tries = new AtomicInteger();
    private final Queue<Waker> wakers = new ConcurrentLinkedQueue<>();

    private final MemoryServer server = new MemoryServer(clock) {
        @Override
        Attempt tryAcquire(Claim claim) {
            tries.incrementAndGet();
            return super.tryAcquire(claim);
        }
    };

    private LockStore watched() {
        MemoryStore store = new MemoryStore(server);
        return (LockStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {LockStore.class}, (proxy, method, arguments) -> {
                    try {
                        if (method.getName().equals("watch")) {
                            wakers.add((Waker) arguments[1]);
                        }
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void whoIsWokenWithinATimeAsksLaterInIt() {
        List<FutureTask<Long>> waiting = new ArrayList<>();
        List<HeldLock> held = new ArrayList<>();
        try (Locks others =
                        Locks.builder(new MemoryStore(server)).timeSource(clock).build();
                Locks locks = Locks.builder(watched()).timeSource(clock).build()) {
            for (int i = 0; i < WAITERS; i++) {
                LockKey key = LockKey.of("crowd", i);
                held.add(others.acquire(key));
                waiting.add(Together.start("waiter-" + i, () -> {
                    try (HeldLock mine = locks.acquire(key)) {
                        return mine.fence();
                    }
                }));
            }
            await().until(() -> wakers.size() == WAITERS);
            clock.awaitParked(WAITERS);

            int before = tries.get();

            wakers.forEach(waker -> waker.wakeWithin(WITHIN));

            await().during(Duration.ofMillis(200)).until(() -> tries.get() == before);
            await().pollInterval(Duration.ofMillis(5)).until(() -> {
                clock.advance(WITHIN.dividedBy(100));
                return tries.get() > before;
            });
            assertThat(tries.get() - before).isLessThan(WAITERS / 2);
            await().pollInterval(Duration.ofMillis(5)).until(() -> {
                clock.advance(WITHIN.dividedBy(100));
                return tries.get() >= before + WAITERS;
            });
            held.forEach(HeldLock::close);
            waiting.forEach(task -> assertThat(Together.result(task)).isPositive());
        }
    }
}
