package io.lockweave.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.Locks;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Watch;
import io.lockweave.testkit.ManualClock;
import io.lockweave.testkit.Together;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A waiter whose watch is sure to be told is asked for less often. */
@Timeout(60)
class QuietWatchTest {

    private static final LockKey KEY = LockKey.of("quiet", 1);
    /** The timers of the two engines, and who waits. */
    private static final int PARKED = 3;

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualClock clock = ManualClock.startingAt(0);
    private final AtomicInteger tries = new AtomicInteger();
    private final AtomicInteger looks = new AtomicInteger();
    private volatile Duration quiet = Duration.ofSeconds(5);

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
                        Object answer = method.invoke(store, arguments);
                        return answer instanceof Watch watch ? new Sure(watch) : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private final class Sure implements Watch {

        private final Watch watch;

        Sure(Watch watch) {
            this.watch = watch;
        }

        @Override
        public boolean missedNothing() {
            return watch.missedNothing();
        }

        @Override
        public Duration quiet() {
            looks.incrementAndGet();
            return quiet;
        }

        @Override
        public void close() {
            watch.close();
        }
    }

    private void passASecond() {
        int before = looks.get();
        clock.advance(SECOND);
        await().pollInterval(Duration.ofMillis(5)).until(() -> looks.get() > before);
        clock.awaitParked(PARKED);
    }

    @Test
    void itIsAskedEachSecondAndTheStoreOnlyWhenTheWatchWantsIt() {
        try (Locks others =
                        Locks.builder(new MemoryStore(server)).timeSource(clock).build();
                Locks locks = Locks.builder(watched()).timeSource(clock).build()) {
            HeldLock held = others.acquire(KEY);
            FutureTask<Long> waiting = Together.start("waiter", () -> {
                try (HeldLock mine = locks.acquire(KEY)) {
                    return mine.fence();
                }
            });
            clock.awaitParked(PARKED);
            int before = tries.get();

            for (int second = 1; second < 5; second++) {
                passASecond();
                assertThat(tries).as("after " + second + " s").hasValue(before);
            }
            passASecond();
            assertThat(tries).as("its time is over").hasValue(before + 1);

            quiet = SECOND;
            passASecond();
            assertThat(tries).as("what it listens on is in doubt").hasValue(before + 2);

            held.close();
            assertThat(Together.result(waiting)).isPositive();
        }
    }

    @Test
    void theEndOfTheHoldersLeaseIsNotWaitedPast() {
        quiet = Duration.ofMinutes(1);
        new MemoryStore(server).tryAcquire(Fixture.exclusive(KEY.in("lockweave"), SECOND.multipliedBy(3)));
        try (Locks others =
                        Locks.builder(new MemoryStore(server)).timeSource(clock).build();
                Locks locks = Locks.builder(watched()).timeSource(clock).build();
                HeldLock other = others.acquire(LockKey.of("quiet", 2))) {
            assertThat(other.isHeld()).isTrue();
            FutureTask<Long> waiting = Together.start("waiter", () -> {
                try (HeldLock mine = locks.acquire(KEY)) {
                    return mine.fence();
                }
            });
            clock.awaitParked(PARKED);

            passASecond();
            passASecond();
            clock.advance(SECOND.plusMillis(5));

            assertThat(Together.result(waiting)).isPositive();
        }
    }
}
