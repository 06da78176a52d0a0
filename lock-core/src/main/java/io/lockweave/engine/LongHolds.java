package io.lockweave.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells of holds that last long, once each: those of a store, and those of this JVM that somebody waits for. It looks
 * once a second, while there are any; see {@link Leftovers}.
 */
final class LongHolds {

    private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

    private final Gates gates;
    private final EventLog log;
    private final long longNanos;
    private long lookedAt;

    /** After this time a hold is a long one; zero: never. */
    LongHolds(Gates gates, EventLog log, Duration longHold, long now) {
        this.gates = gates;
        this.log = log;
        this.longNanos = Core.nanos(longHold);
        this.lookedAt = now;
    }

    /** On the timer's thread. */
    void look(long now) {
        if (longNanos == 0 || now - lookedAt < LOOK) {
            return;
        }
        lookedAt = now;
        for (Gate gate : gates.all()) {
            for (Hold hold : gate.holds()) {
                if (now - hold.since() >= longNanos && hold.isOpen() && !hold.isToldLong) {
                    hold.isToldLong = true;
                    log.heldLong(
                            gate.key, now, hold.describe(now), gate.waiters().size(), stackOf(hold.owner()));
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
