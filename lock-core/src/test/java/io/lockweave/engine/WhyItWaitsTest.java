package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockPlace;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockWaiter;
import io.lockweave.LockWaiter.Way;
import io.lockweave.Locks;
import io.lockweave.local.LocalBackend;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator, or who reads an exception, learns of a wait. */
@Timeout(30)
class WhyItWaitsTest {

    private static final LockKey KEY = LockKey.of("waited", 7);
    private static final LockOptions MINUTE = LockOptions.defaults().waitTime(Duration.ofMinutes(1));

    /** A store that holds the key for another process, in a mode that excludes all others. */
    private static class HeldElsewhere extends MapStore {

        HeldElsewhere(LockKey key) {
            LockPlace elsewhere = new LockPlace("elsewhere", 1, "worker");
            LockOptions options = LockOptions.defaults();
            Claim other = new Claim(key, options.mode(), 1, false, "other", Duration.ofMinutes(1), 1, false, elsewhere);
            tryAcquire(other);
        }

        @Override
        public Set<Capability> capabilities() {
            return EnumSet.of(Capability.LEASE, Capability.CROSS_PROCESS, Capability.SHARED);
        }
    }

    private static final class Telling extends HeldElsewhere {

        Telling(LockKey key) {
            super(key);
        }

        @Override
        public Set<Capability> capabilities() {
            return EnumSet.of(Capability.LEASE, Capability.CROSS_PROCESS, Capability.PUSH);
        }
    }

    private final List<Thread> threads = new ArrayList<>();

    private void start(String name, Locks locks, LockOptions options) {
        Thread thread = new Thread(() -> locks.tryAcquire(KEY, options).ifPresent(HeldLock::close), name);
        thread.start();
        threads.add(thread);
        await().until(() -> locks.inspect(KEY).waiters().size() == threads.size());
    }

    private static List<LockWaiter> waiters(Locks locks) {
        return locks.inspect(KEY).waiters();
    }

    @Test
    void whoWaitsForThisJvmIsListedInOrderWithTheTimeLeft() throws Exception {
        try (Locks locks = Locks.builder(new LocalBackend()).build()) {
            HeldLock held = locks.acquire(KEY);
            start("first", locks, MINUTE);
            start("second", locks, LockOptions.defaults().waitTime(Duration.ofHours(1)));

            assertThat(waiters(locks))
                    .extracting(waiter -> waiter.place().thread())
                    .containsExactly("first", "second");
            assertThat(waiters(locks)).extracting(LockWaiter::way).containsOnly(Way.QUEUED);
            assertThat(waiters(locks)).extracting(LockWaiter::asksAgainIn).containsOnlyNulls();
            assertThat(waiters(locks).get(0).timeLeft()).isBetween(Duration.ofSeconds(20), Duration.ofMinutes(1));
            assertThat(waiters(locks).get(1).timeLeft()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
            held.close();
            endThreads();
        }
    }

    @Test
    void aWaitWithoutALimitSaysSo() throws Exception {
        try (Locks locks = Locks.builder(new LocalBackend()).build()) {
            HeldLock held = locks.acquire(KEY);
            Thread endless = new Thread(() -> {
                locks.asLock(KEY).lock();
                locks.asLock(KEY).unlock();
            });
            endless.start();
            threads.add(endless);
            await().until(() -> waiters(locks).size() == 1);
            assertThat(waiters(locks).get(0).timeLeft()).isNull();
            held.close();
            endThreads();
        }
    }

    @Test
    void whoAsksTheStoreSaysHowOftenAndWhenAgain() throws Exception {
        try (Locks locks = Locks.builder(new HeldElsewhere(KEY.in("lockweave"))).build()) {
            start("asks", locks, MINUTE);
            await().until(() -> waiters(locks).get(0).asked() > 2);
            LockWaiter waiter = waiters(locks).get(0);
            assertThat(waiter.way()).isEqualTo(Way.POLLING);
            assertThat(waiter.asksAgainIn()).isLessThan(Duration.ofSeconds(1));
            locks.forceRelease(KEY);
            endThreads();
        }
        threads.clear();
        try (Locks locks = Locks.builder(new Telling(KEY.in("lockweave"))).build()) {
            start("listens", locks, MINUTE);
            await().until(() -> waiters(locks).get(0).asked() > 0);
            assertThat(waiters(locks).get(0).way()).isEqualTo(Way.LISTENING);
            locks.forceRelease(KEY);
            endThreads();
        }
    }

    /** Readers ask the store one after the other. */
    @Test
    void whoWaitsBehindAnotherReaderIsListedToo() throws Exception {
        try (Locks locks = Locks.builder(new HeldElsewhere(KEY.in("lockweave"))).build()) {
            start("reader 1", locks, MINUTE.shared());
            start("reader 2", locks, MINUTE.shared());
            start("reader 3", locks, MINUTE.shared());

            assertThat(waiters(locks)).extracting(LockWaiter::way).containsExactly(Way.POLLING, Way.QUEUED, Way.QUEUED);
            locks.close();
            endThreads();
        }
    }

    @Test
    void theExceptionSaysBehindHowManyOrHowOftenTheStoreWasAsked() throws Exception {
        LockOptions briefly = LockOptions.defaults().waitTime(Duration.ofMillis(50));
        try (Locks locks = Locks.builder(new LocalBackend()).build()) {
            HeldLock held = locks.acquire(KEY);
            assertThat(refused(locks, briefly)).contains("as the first of those in this JVM");
            start("first", locks, MINUTE);
            start("second", locks, MINUTE);
            assertThat(refused(locks, briefly)).contains("behind 2 of this JVM").contains("held by thread ");
            assertThat(refused(locks, briefly.waitTime(Duration.ZERO))).doesNotContain("behind", "first");
            held.close();
            endThreads();
        }
        try (Locks locks = Locks.builder(new HeldElsewhere(KEY.in("lockweave"))).build()) {
            assertThat(refused(locks, briefly))
                    .containsPattern("and asked the store (once|\\d+ times)")
                    .contains("elsewhere");
        }
        try (Locks locks = Locks.builder(new Telling(KEY.in("lockweave"))).build()) {
            assertThat(refused(locks, briefly)).contains("listening for its release, and asked the store ");
        }
    }

    private static String refused(Locks locks, LockOptions options) throws Exception {
        AtomicReference<LockUnavailableException> why = new AtomicReference<>();
        CompletableFuture.runAsync(() -> {
                    try {
                        locks.acquire(KEY, options).close();
                    } catch (LockUnavailableException e) {
                        why.set(e);
                    }
                })
                .get(10, TimeUnit.SECONDS);
        return why.get().getMessage();
    }

    private void endThreads() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(10));
            assertThat(thread.isAlive()).isFalse();
        }
    }
}
