package io.lockweave.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Shows whether code loses updates: runs it many times in many threads that start together, and compares a total.
 *
 * <pre>{@code
 * Race.of(10_000, 16)
 *         .run(() -> accounts.addPoints("alice", 1))
 *         .assertTotal(10_000, accounts.points("alice"));
 * }</pre>
 *
 * Immutable and safe for use from any thread.
 */
public final class Race {

    /** What is run. */
    @FunctionalInterface
    public interface Action {

        /** Runs once. */
        void run() throws Exception;
    }

    /**
     * How a race went.
     *
     * @param times how often the action ran
     * @param threads in how many threads
     * @param took how long all of it took
     * @param p50 the time within which half of the runs ended
     * @param p99 the time within which 99 of 100 runs ended
     */
    public record Result(int times, int threads, Duration took, Duration p50, Duration p99) {

        /** Runs per second, over all threads. */
        public double perSecond() {
            return times / Math.max(1e-9, took.toNanos() / 1e9);
        }

        /**
         * Compares what came out with what should have.
         *
         * @throws AssertionError if they differ; the message says how many updates were lost
         */
        public Result assertTotal(long expected, long actual) {
            if (actual != expected) {
                throw new AssertionError(verdict(expected, actual) + " in " + this);
            }
            return this;
        }

        private static String verdict(long expected, long actual) {
            long lost = expected - actual;
            return lost > 0
                    ? String.format(
                            Locale.ROOT,
                            "%,d of %,d updates were lost (%.1f %%): the code is not guarded, or not by one lock",
                            lost,
                            expected,
                            100.0 * lost / Math.max(1, expected))
                    : String.format(
                            Locale.ROOT, "%,d updates more than the expected %,d: one ran twice", -lost, expected);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,d runs in %d threads: %,.0f/s, p50 %,.1f us, p99 %,.1f us",
                    times,
                    threads,
                    perSecond(),
                    p50.toNanos() / 1e3,
                    p99.toNanos() / 1e3);
        }
    }

    private final int times;
    private final int threads;
    private final Duration limit;

    private Race(int times, int threads, Duration limit) {
        this.times = times;
        this.threads = threads;
        this.limit = limit;
    }

    /**
     * So many runs in all, spread over so many threads; at most two minutes long.
     *
     * @throws IllegalArgumentException if there is not at least one run for each of at least one thread
     */
    public static Race of(int times, int threads) {
        if (threads < 1 || times < threads) {
            throw new IllegalArgumentException(
                    "times = " + times + ", threads = " + threads + ": give every thread at least one run");
        }
        return new Race(times, threads, Duration.ofMinutes(2));
    }

    /** The same race that may take this long. */
    public Race within(Duration limit) {
        return new Race(times, threads, limit);
    }

    /**
     * Runs the action.
     *
     * @throws AssertionError if any run failed, with the first failure as its cause, if the race takes too long, with
     *     the stack of a thread that still runs, or if the calling thread is interrupted
     */
    public Result run(Action action) {
        long[] took = new long[times];
        CountDownLatch ready = new CountDownLatch(threads);
        CountDownLatch start = new CountDownLatch(1);
        AtomicInteger failures = new AtomicInteger();
        AtomicReference<Throwable> first = new AtomicReference<>();
        List<Thread> runners = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int from = (int) ((long) times * i / threads);
            int to = (int) ((long) times * (i + 1) / threads);
            runners.add(Threads.daemon("race-" + i, () -> {
                ready.countDown();
                if (!awaited(start)) {
                    return;
                }
                for (int n = from; n < to && !Thread.currentThread().isInterrupted(); n++) {
                    long before = System.nanoTime();
                    try {
                        action.run();
                    } catch (Throwable e) { // an assertion in the action counts as well
                        failures.incrementAndGet();
                        first.compareAndSet(null, e);
                    }
                    took[n] = System.nanoTime() - before;
                }
            }));
        }
        awaited(ready);
        long begin = System.nanoTime();
        start.countDown();
        awaitEnd(runners, begin + limit.toNanos());
        Duration whole = Duration.ofNanos(System.nanoTime() - begin);
        if (failures.get() > 0) {
            throw new AssertionError(failures + " of " + times + " runs failed, the first with " + first, first.get());
        }
        Arrays.sort(took);
        return new Result(times, threads, whole, percentile(took, 50), percentile(took, 99));
    }

    private static Duration percentile(long[] sorted, int percent) {
        return Duration.ofNanos(sorted[(int) Math.min(sorted.length - 1L, (long) sorted.length * percent / 100)]);
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void awaitEnd(List<Thread> runners, long deadline) {
        try {
            for (Thread runner : runners) {
                long left = deadline - System.nanoTime();
                TimeUnit.NANOSECONDS.timedJoin(runner, Math.max(1, left));
                if (runner.isAlive() && deadline - System.nanoTime() <= 0) {
                    AssertionError late = new AssertionError(
                            "the race did not end within " + limit + "; " + runner.getName() + " is at");
                    late.setStackTrace(runner.getStackTrace());
                    throw late;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted during the race", e);
        } finally {
            runners.forEach(Thread::interrupt);
        }
    }
}
