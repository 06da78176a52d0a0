package io.lockweave.examples.pointsrace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sends the same number of requests through a strategy from several threads that start together.
 *
 * @param threads how many threads
 * @param requests how many requests each of them sends
 */
record Race(int threads, int requests) {

    private static final long USER = 42;
    private static final int POINTS = 1;

    Result run(Strategy strategy) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<long[]>> runners = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                runners.add(() -> {
                    start.await();
                    return sendAll(strategy);
                });
            }
            long begin = System.nanoTime();
            List<Future<long[]>> sent = pool.invokeAll(runners);
            long took = System.nanoTime() - begin;
            long[] latencies = new long[threads * requests];
            for (int i = 0; i < threads; i++) {
                System.arraycopy(sent.get(i).get(), 0, latencies, i * requests, requests);
            }
            Arrays.sort(latencies);
            long expected = (long) threads * requests * POINTS;
            return new Result(
                    strategy.name(), strategy.losesNothing(), expected, strategy.points(USER), took, latencies);
        } finally {
            pool.shutdownNow();
        }
    }

    private long[] sendAll(Strategy strategy) throws Exception {
        long[] latencies = new long[requests];
        for (int i = 0; i < requests; i++) {
            long begin = System.nanoTime();
            strategy.addPoints(USER, POINTS);
            latencies[i] = System.nanoTime() - begin;
        }
        return latencies;
    }
}
