package io.lockweave.engine;

import io.lockweave.LockHolder;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells of holds that last long, once each: those of a store, and those of this JVM that somebody waits for. It looks
 * every now and then while there are any, at most once a second; see {@link Leftovers}.
 */
final class LongHolds {

    private static final long OFTEN = TimeUnit.SECONDS.toNanos(1);

    private final GateRegistry gates;
    private final EventLog log;
    private final Executor writers;
    private final long longNanos;
    private final long pause;
    private long lookedAt;

    /**
     * After the time of the setting a hold is a long one; zero: never.
     *
     * @param writers where the log is written: it may hang
     */
    LongHolds(GateRegistry gates, EventLog log, Executor writers, Duration longHold, long now) {
        this.gates = gates;
        this.log = log;
        this.writers = writers;
        this.longNanos = Nanos.of(longHold);
        this.pause = Math.max(OFTEN, longNanos / 8);
        this.lookedAt = now;
    }

    /** On the timer's thread. */
    void look(long now) {
        if (longNanos == 0 || now - lookedAt < pause) {
            return;
        }
        lookedAt = now;
        for (Gate gate : gates.all()) {
            for (Hold hold : gate.holds()) {
                if (now - hold.since() >= longNanos && hold.isOpen() && !hold.isToldLong) {
                    hold.isToldLong = true;
                    LockHolder holder = hold.describe(now);
                    int waiters = gate.waiters().size();
                    Throwable stack = stackOf(hold.owner());
                    writers.execute(() -> log.heldLong(gate.key, now, holder, waiters, stack));
                }
            }
        }
    }

    private static @Nullable Throwable stackOf(Owner owner) {
        Thread thread = owner.thread();
        if (thread == null || !thread.isAlive()) {
            return null;
        }
        Throwable stack = new Throwable("where thread " + thread.getName() + " is now");
        stack.setStackTrace(thread.getStackTrace());
        return stack;
    }
}
