package io.lockweave.benchmarks.contest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;

/**
 * Threads that take a key again and again for a while. What they count is counted without synchronisation, so that a
 * lock that does not lock is found out.
 */
final class Load {

    /** What came of it: runs in all, and the busiest thread's share over the idlest one's. */
    record Outcome(long runs, double perSecond, double spread) {}

    private final Mutex mutex;
    private final int threads;
    private final IntFunction<String> keyOf;
    private long guarded;

    /**
     * A load.
     *
     * @param threads how many
     * @param keyOf which key a thread uses
     */
    Load(Mutex mutex, int threads, IntFunction<String> keyOf) {
        this.mutex = mutex;
        this.threads = threads;
        this.keyOf = keyOf;
    }

    /** Runs it for so long, so that what follows is compiled. */
    Load warmUp(Duration time) throws Exception {
        go(time);
        return this;
    }

    /** Runs it for so long and counts. */
    Outcome run(Duration time) throws Exception {
        guarded = 0;
        long begin = System.nanoTime();
        long[] counts = go(time);
        double seconds = (System.nanoTime() - begin) / 1e9;
        long runs = Arrays.stream(counts).sum();
        boolean oneKey = keyOf.apply(0).equals(keyOf.apply(threads - 1));
        if (oneKey && guarded != runs) {
            throw new IllegalStateException(runs + " runs, but " + guarded + " counted: the lock does not lock");
        }
        long most = Arrays.stream(counts).max().orElse(0);
        long least = Math.max(1, Arrays.stream(counts).min().orElse(0));
        return new Outcome(runs, runs / seconds, (double) most / least);
    }

    private long[] go(Duration time) throws Exception {
        long[] counts = new long[threads];
        AtomicBoolean stop = new AtomicBoolean();
        CyclicBarrier start = new CyclicBarrier(threads + 1);
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> workers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int number = t;
            String key = keyOf.apply(t);
            Thread worker = new Thread(() -> {
                try {
                    start.await();
                    long mine = 0;
                    while (!stop.get()) {
                        mutex.run(key, () -> guarded++);
                        mine++;
                    }
                    counts[number] = mine;
                } catch (Throwable e) {
                    failures.add(e);
                }
            });
            workers.add(worker);
            worker.start();
        }
        start.await();
        Thread.sleep(time.toMillis());
        stop.set(true);
        for (Thread worker : workers) {
            worker.join();
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException(failures.size() + " threads failed", failures.peek());
        }
        return counts;
    }
}
