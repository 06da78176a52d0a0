package io.lockweave.examples.springboot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One race of many threads that add points to one account. Threads run it, others look at it meanwhile. */
final class Race {

    /** The account that all of them change. */
    static final String USER = "ann";

    /** Upper ends of the histogram's bars in microseconds: each one is 1.5 times the one before. */
    private static final int BARS = 36;

    private final long id;
    private final RaceOrder order;
    private final Strategy strategy;
    private final Accounts accounts;
    private final long start = System.nanoTime();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicIntegerArray latencies = new AtomicIntegerArray(BARS);
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private volatile long end;

    Race(long id, RaceOrder order, Strategy strategy, Accounts accounts) {
        this.id = id;
        this.order = order;
        this.strategy = strategy;
        this.accounts = accounts;
    }

    /** Runs to its end on threads of its own. */
    void run() {
        accounts.save(USER, 0);
        CountDownLatch ended = new CountDownLatch(order.threads());
        for (int i = 0; i < order.threads(); i++) {
            Thread thread = new Thread(() -> call(ended), "race-" + (i + 1));
            thread.setDaemon(true);
            thread.start();
        }
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.compareAndSet(null, "The race was interrupted.");
        } finally {
            end = System.nanoTime();
        }
    }

    private void call(CountDownLatch ended) {
        Duration work = Duration.ofNanos(order.workMicros() * 1_000L);
        try {
            while (failure.get() == null && begun.getAndIncrement() < order.calls()) {
                long before = System.nanoTime();
                strategy.add(USER, work);
                latencies.incrementAndGet(bar((System.nanoTime() - before) / 1_000));
                done.incrementAndGet();
            }
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e.getMessage());
        } finally {
            ended.countDown();
        }
    }

    private static int bar(long micros) {
        int bar = 0;
        for (double upper = 10; upper < micros && bar < BARS - 1; upper *= 1.5) {
            bar++;
        }
        return bar;
    }

    /** How it stands. */
    RaceReport report() {
        long ended = end;
        int expected = done.get();
        int actual = accounts.points(USER);
        double seconds = Math.max(1, (ended == 0 ? System.nanoTime() : ended) - start) / 1e9;
        List<Integer> bars = new ArrayList<>();
        for (int i = 0; i < BARS; i++) {
            bars.add(latencies.get(i));
        }
        return new RaceReport(
                id,
                strategy.id(),
                strategy.title(),
                order.threads(),
                order.calls(),
                ended == 0,
                expected,
                actual,
                ended == 0 ? null : expected - actual,
                Math.round(expected / seconds),
                seconds,
                bars,
                percentile(bars, 0.5),
                percentile(bars, 0.99),
                failure.get());
    }

    /** The upper end in microseconds of the bar that has this part of all calls below it. */
    private static long percentile(List<Integer> bars, double part) {
        long all = bars.stream().mapToLong(Integer::longValue).sum();
        long seen = 0;
        double upper = 10;
        for (int count : bars) {
            seen += count;
            if (seen >= all * part) {
                break;
            }
            upper *= 1.5;
        }
        return all == 0 ? 0 : Math.round(upper);
    }
}
