package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.local.LocalBackend;
import io.lockweave.spi.Grant;
import io.lockweave.spi.Renewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Uses up the address space of its process with the stacks of threads, so that no further one can be started for a
 * while.
 */
final class NoNativeThreadsProgram {

    private static final LockKey KEY = LockKey.of("user", 42);
    private static final long SMALLEST_STACK = 1 << 20;

    private NoNativeThreadsProgram() {}

    public static void main(String[] arguments) throws Exception {
        AtomicInteger renewals = new AtomicInteger();
        MapStore store = new MapStore() {
            @Override
            public List<Renewal> renew(List<Grant> grants, Duration lease) {
                renewals.incrementAndGet();
                return super.renew(grants, lease);
            }
        };
        LockEngine engine = Engines.on(store, Threads::daemon);
        LockEngine local = Engines.on(new LocalBackend(), Threads::daemon);
        HeldLock kept = engine.acquire(KEY, LockOptions.defaults().leaseTime(Duration.ofSeconds(3)));
        HeldLock held = OtherThread.call(() -> local.acquire(KEY));
        HeldLock short1 = local.acquire(LockKey.of("short"), NoThreadsTest.SHORT);
        CompletableFuture<HeldLock> waiting = local.acquireAsync(KEY);
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> ballast = exhaust(end);
        say("refused " + isRefused());
        held.close();
        Thread.sleep(1_500); // past the first renewal
        say("renewals without a thread " + renewals.get());
        end.countDown();
        for (Thread thread : ballast) {
            thread.join();
        }
        waiting.get(10, TimeUnit.SECONDS).close();
        OtherThread.until(() -> renewals.get() >= 3);
        say("held " + kept.isHeld() + ", short lease lost " + short1.isLost());
        engine.close();
        local.close();
        say("over");
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private static List<Thread> exhaust(CountDownLatch end) {
        List<Thread> ballast = new ArrayList<>();
        long size = 1L << 30;
        while (size >= SMALLEST_STACK) {
            try {
                Thread thread = new Thread(null, () -> awaitQuietly(end), "ballast", size);
                thread.setDaemon(true);
                thread.start();
                ballast.add(thread);
            } catch (OutOfMemoryError e) {
                size /= 2;
            }
        }
        return ballast;
    }

    private static boolean isRefused() {
        try {
            new Thread(() -> {}).start();
            return false;
        } catch (OutOfMemoryError e) {
            return true;
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
