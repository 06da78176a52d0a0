package io.lockweave.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Timeout;

/**
 * Threads that take, try, wait a little, interrupt each other and cancel, at random over few keys. Whoever is inside
 * checks that nobody is who must not be; at the end nobody is stuck and nothing is left.
 */
@Timeout(120)
class RandomUseTest {

    private static final int KEYS = 3;
    private static final int THREADS = 8;
    private static final int ROUNDS = 4_000;
    private static final int WRITER = 1_000;

    private final LockEngine locks = (LockEngine) Locks.local();
    private final AtomicIntegerArray inside = new AtomicIntegerArray(KEYS);
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @RepeatedTest(6)
    void nobodyIsInsideWhoMustNotBeAndNothingIsLeft(RepetitionInfo repetition) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            Random random = new Random(repetition.getCurrentRepetition() * 1_000L + t);
            threads.add(new Thread(() -> use(random, threads)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                thread.join(1_000);
            }
        }
        assertThat(failures).isEmpty();
        OtherThread.until(() -> locks.parts().gates().all().isEmpty());
        locks.close();
    }

    private void use(Random random, List<Thread> threads) {
        for (int round = 0; round < ROUNDS && failures.isEmpty(); round++) {
            try {
                once(random);
                if (random.nextInt(20) == 0) {
                    threads.get(random.nextInt(THREADS)).interrupt();
                }
            } catch (LockUnavailableException | CancellationException e) {
                Thread.interrupted(); // interrupted or cancelled: as asked
            } catch (Throwable e) {
                failures.add(e);
            }
        }
    }

    private void once(Random random) throws Exception {
        int number = random.nextInt(KEYS);
        LockKey key = LockKey.of("user", number);
        boolean shared = random.nextInt(3) == 0;
        LockOptions options = (shared ? LockOptions.defaults().shared() : LockOptions.defaults())
                .fair(random.nextInt(4) == 0)
                .waitTime(random.nextInt(3) == 0 ? Duration.ofNanos(random.nextInt(200_000)) : Duration.ofSeconds(60));
        switch (random.nextInt(4)) {
            case 0 -> async(number, key, options, shared, random.nextInt(3) == 0);
            case 1 -> locks.tryAcquire(key, options).ifPresent(held -> work(number, held, shared));
            default -> {
                try (HeldLock held = locks.acquire(key, options)) {
                    work(number, held, shared);
                }
            }
        }
    }

    private void async(int number, LockKey key, LockOptions options, boolean shared, boolean cancel) throws Exception {
        CompletableFuture<HeldLock> coming = locks.acquireAsync(key, options);
        if (cancel) {
            coming.cancel(true);
        }
        while (true) {
            try {
                work(number, coming.get(60, TimeUnit.SECONDS), shared);
                return;
            } catch (InterruptedException e) {
                Thread.interrupted(); // the lock is on its way all the same
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof LockUnavailableException)) {
                    throw e;
                }
                return;
            }
        }
    }

    private void work(int number, HeldLock held, boolean shared) {
        int mine = shared ? 1 : WRITER;
        int before = inside.getAndAdd(number, mine);
        boolean alone = before == 0 || (shared && before < WRITER);
        if (Thread.currentThread().getId() % 2 == 0) {
            Thread.yield();
        }
        inside.getAndAdd(number, -mine);
        held.close();
        if (!alone) {
            failures.add(new AssertionError("entered key " + number + " beside " + before));
        }
    }
}
