package io.lockweave.examples.springboot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a race stands.
 *
 * @param id which race
 * @param strategy the strategy's id
 * @param title the strategy for people
 * @param threads how many threads
 * @param calls how many calls in all
 * @param running whether it still runs
 * @param expected the calls that returned
 * @param actual the points there are
 * @param lost expected less actual, once it has ended
 * @param perSecond calls for each second
 * @param seconds how long it took until now
 * @param latencies how many calls took up to 10 microseconds, up to 15, and so on, each bar 1.5 times the one before
 * @param p50Micros half of the calls took no longer
 * @param p99Micros all but one of a hundred calls took no longer
 * @param failure why it ended early
 */
record RaceReport(
        long id,
        String strategy,
        String title,
        int threads,
        int calls,
        boolean running,
        int expected,
        int actual,
        @Nullable Integer lost,
        long perSecond,
        double seconds,
        List<Integer> latencies,
        long p50Micros,
        long p99Micros,
        @Nullable String failure) {}
