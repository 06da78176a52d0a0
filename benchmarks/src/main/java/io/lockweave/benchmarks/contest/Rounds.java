package io.lockweave.benchmarks.contest;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Compares ways to take and give back free keys, without contention: in rounds A B C A B C, so that whatever else the
 * machine does meets all of them alike. What counts is the ratio to the floor within a round. The processor's time of
 * the thread that calls tells what the library itself costs it, whatever else runs.
 */
final class Rounds {

    private static final int KEYS = 1_000;

    private record Row(String name, Mutex mutex, int floor, List<Long> nanos, List<Long> ofProcessor) {

        Row(Object name, Mutex mutex, int floor) {
            this(name.toString(), mutex, floor, new ArrayList<>(), new ArrayList<>());
        }
    }

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final List<Row> rows = new ArrayList<>();
    private final int rounds;
    private final int calls;
    private int next;

    /**
     * Rounds yet without rows.
     *
     * @param rounds how many count; half as many before them warm up
     * @param calls of each row in each round
     */
    Rounds(int rounds, int calls) {
        this.rounds = rounds;
        this.calls = calls;
    }

    /** Adds a row that is compared with itself; those after it are compared with it. */
    Rounds floor(Object name, Mutex mutex) {
        rows.add(new Row(name, mutex, rows.size()));
        return this;
    }

    /** Adds a row that is compared with the last floor. */
    Rounds row(Object name, Mutex mutex) {
        rows.add(new Row(name, mutex, rows.get(rows.size() - 1).floor));
        return this;
    }

    /** Runs all rounds, prints a line for each row, and closes the rows. */
    void print() throws Exception {
        for (int round = -rounds / 2; round < rounds; round++) {
            for (Row row : rows) {
                long ofProcessor = THREADS.getCurrentThreadCpuTime();
                long nanos = run(row.mutex);
                if (round >= 0) {
                    row.nanos.add(nanos);
                    row.ofProcessor.add(THREADS.getCurrentThreadCpuTime() - ofProcessor);
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%-26s %10s %12s   ratio to the floor of its round: lower quartile, median, upper quartile%n",
                rounds + " rounds of " + calls,
                "us each",
                "us of thread");
        for (Row row : rows) {
            List<Long> floor = rows.get(row.floor).nanos;
            double[] ratios = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                ratios[round] = (double) row.nanos.get(round) / floor.get(round);
            }
            Arrays.sort(ratios);
            System.out.printf(
                    Locale.ROOT,
                    "%-26s %10.1f %12.1f   %.2f  %.2f  %.2f  of %s%n",
                    row.name,
                    micros(row.nanos),
                    micros(row.ofProcessor),
                    ratios[rounds / 4],
                    ratios[rounds / 2],
                    ratios[rounds * 3 / 4],
                    rows.get(row.floor).name);
        }
        for (Row row : rows) {
            row.mutex.close();
        }
    }

    /** The median for one call. */
    private double micros(List<Long> nanos) {
        return nanos.stream().sorted().skip(rounds / 2).findFirst().orElseThrow() / 1e3 / calls;
    }

    private long run(Mutex mutex) throws Exception {
        long begin = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            next = (next + 1) % KEYS;
            mutex.run("cold-" + next, () -> {});
        }
        return System.nanoTime() - begin;
    }
}
