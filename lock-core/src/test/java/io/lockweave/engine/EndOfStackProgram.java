package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.local.LocalBackend;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Uses locks at the end of the stack: a thread recurses until there is none left, and on its way back tries at each
 * of the last depths, with a little more stack each time. Says which keys stay locked after that.
 */
final class EndOfStackProgram {

    /** At how many depths it is tried, from the end of the stack: at the last of them there is plenty. */
    private static final int DEPTHS = 600;

    /** Who waits for a store tries each fourth depth: what it leaves there is found after up to 100 ms. */
    private static final int STRIDE_OF_WAITERS = 4;

    /** Sizes of stacks, so that frames end at other places. */
    private static final int SIZES = 3;

    private static final LockKey BUSY = LockKey.of("busy");

    private final LockEngine locks;
    private final MapStore store;
    private final LockOptions options;
    private final boolean waits;
    private final int stride;
    private final AtomicInteger overflows = new AtomicInteger();
    private final CompletableFuture<?>[] coming = new CompletableFuture<?>[SIZES * DEPTHS];
    private final AtomicInteger taken = new AtomicInteger();

    private EndOfStackProgram(MapStore store, LockOptions options, boolean waits) {
        this.store = store;
        this.options = options;
        this.waits = waits;
        this.stride = waits && store != null ? STRIDE_OF_WAITERS : 1;
        this.locks = Engines.on(store == null ? new LocalBackend() : store, Threads::daemon);
    }

    public static void main(String[] arguments) throws Exception {
        Logger.getLogger("io.lockweave").setLevel(Level.OFF);
        LockOptions options = LockOptions.defaults().waitTime(Duration.ofSeconds(5));
        LockOptions forAnHour = LockOptions.defaults()
                .waitTime(Duration.ofSeconds(5))
                .renew(false)
                .leaseTime(Duration.ofHours(1));
        for (String what : arguments) {
            boolean inStore = what.startsWith("store");
            EndOfStackProgram program = new EndOfStackProgram(
                    inStore ? new MapStore() : null,
                    what.endsWith("lease") ? forAnHour : options,
                    what.contains("busy"));
            program.run(what);
        }
    }

    private void run(String what) throws Exception {
        IntConsumer use = what.contains("async") ? this::useAsync : what.contains("again") ? this::useAgain : this::use;
        CompletableFuture<Void> rival = waits ? CompletableFuture.runAsync(this::keepBusy) : null;
        for (int size = 0; size < SIZES; size++) {
            int from = size * DEPTHS;
            Thread thread = new Thread(null, () -> dive(use, from), "diver", (256 + 4 * size) << 10);
            thread.start();
            thread.join(60_000);
            if (thread.isAlive()) {
                System.out.println(
                        what + " hangs: " + List.of(thread.getStackTrace()).subList(0, 20));
                System.exit(1);
            }
        }
        done = true;
        if (rival != null) {
            rival.get(30, TimeUnit.SECONDS);
        }
        for (CompletableFuture<?> one : coming) {
            if (one != null) {
                one.handle((held, failure) -> held).get(30, TimeUnit.SECONDS);
                if (!one.isCompletedExceptionally()) {
                    ((HeldLock) one.join()).close();
                }
            }
        }
        String left = leftAfter(10_000);
        System.out.println(what + ": " + left + ", "
                + (overflows.get() > 10 && taken.get() > 50
                        ? "tried"
                        : "NOT tried: " + overflows + " overflows, " + taken + " taken"));
        locks.close();
    }

    private volatile boolean done;

    private void keepBusy() {
        while (!done) {
            try (HeldLock held = locks.acquire(BUSY, options)) {
                Thread.onSpinWait();
            } catch (LockException e) {
                throw new AssertionError(e);
            }
        }
    }

    private String leftAfter(long millis) throws InterruptedException {
        for (Gate gate : locks.parts().gates().all()) {
            locks.tryAcquire(gate.key, options).ifPresent(HeldLock::close); // whoever comes next gets it
        }
        for (long waited = 0; waited < millis; waited += 20) {
            if (isAllFree()) {
                return "all free";
            }
            Thread.sleep(20);
        }
        return gates() + " gates and " + locksInStore() + " locks left";
    }

    private boolean isAllFree() {
        return gates() == 0 && locksInStore() == 0;
    }

    /** Counted one by one: a map that ran out of stack may not know its size any more. */
    private int gates() {
        int count = 0;
        for (Gate gate : locks.parts().gates().all()) {
            count += gate.isDead() ? 0 : 1;
        }
        return count;
    }

    private int locksInStore() {
        int count = 0;
        for (LockKey ignored : store == null ? List.<LockKey>of() : store.held.keySet()) {
            count++;
        }
        return count;
    }

    /**
     * Calls itself until the stack ends, and then does it at each of the last depths; returns how far it is from there.
     */
    @SuppressWarnings("InfiniteRecursion") // that is the point
    private int dive(IntConsumer use, int from) {
        int depth;
        try {
            depth = dive(use, from) + 1;
        } catch (StackOverflowError e) {
            depth = 0;
        }
        if (depth < DEPTHS && depth % stride == 0) {
            try {
                use.accept(from + depth);
                taken.incrementAndGet();
            } catch (VirtualMachineError | LinkageError e) { // the JDK may not be able to begin either
                overflows.incrementAndGet();
            }
        }
        return depth;
    }

    private LockKey key(int number) {
        return waits ? BUSY : LockKey.of("thing", number);
    }

    private void use(int number) {
        LockKey key = key(number);
        HeldLock held = locks.acquire(key, options);
        held.close();
    }

    private void useAgain(int number) {
        LockKey key = key(number);
        HeldLock held = locks.acquire(key, options);
        try {
            locks.acquire(key, options).close();
        } finally {
            held.close();
        }
    }

    /** The futures are kept, and their locks closed in the end: what a caller loses no engine can give back. */
    private void useAsync(int number) {
        coming[number] = locks.acquireAsync(key(number), options);
    }
}
