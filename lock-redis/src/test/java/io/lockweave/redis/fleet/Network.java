package io.lockweave.redis.fleet;

import io.lockweave.schedules.Schedule;
import io.lockweave.schedules.Steps;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Carries messages in simulated time, on a thread of its own. */
final class Network {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private record Arrival(long at, long number, Runnable action) {}

    private final PriorityQueue<Arrival> underWay =
            new PriorityQueue<>(Comparator.comparingLong(Arrival::at).thenComparingLong(Arrival::number));
    private final Random random;
    private final Faults faults;
    private final Thread thread;
    private long numbers;
    private boolean calm;
    private boolean ended;

    Network(Random random, Faults faults) {
        this.random = random;
        this.faults = faults;
        this.thread = Schedule.newThread(this::run);
        thread.start();
    }

    static long now() {
        return Steps.nanoTime("network");
    }

    /** From now on everything arrives, and soon. */
    void calmDown() {
        calm = true;
    }

    void end() {
        ended = true;
    }

    boolean oneIn(int times) {
        return !calm && random.nextInt(times) == 0;
    }

    boolean loses() {
        return faults.lost() && oneIn(15);
    }

    /** How long the caller of a request waits for its answer, unless its connection breaks before. */
    long patience(long most) {
        return faults.lost() && oneIn(15) ? (long) (random.nextDouble() * 2 * MILLI) : most;
    }

    boolean repeats() {
        return faults.repeated() && oneIn(6);
    }

    /** How long the next message takes. */
    long delay() {
        if (faults.slow() && oneIn(12)) {
            return (long) (random.nextDouble() * 3_000 * MILLI);
        }
        return MILLI / 10 + (long) (random.nextDouble() * MILLI);
    }

    /** Has this done then, without waiting. */
    void at(long time, Runnable action) {
        underWay.add(new Arrival(time, numbers++, action));
    }

    private void run() {
        while (!ended) {
            Arrival first = underWay.peek();
            if (first != null && first.at <= now()) {
                underWay.remove();
                first.action.run();
            } else if (first == null) {
                Schedule.until(() -> ended || !underWay.isEmpty());
            } else {
                Schedule.until(() -> ended || underWay.element().at < first.at, first.at - now());
            }
        }
    }
}
