package io.lockweave.engine;

import io.lockweave.LockBackendException;
import io.lockweave.spi.TimeSource;
import java.util.concurrent.TimeUnit;

/**
 * The time at hardly any cost: at most {@link #TICK} old. For the beginning of holds, which people look at and nothing
 * is decided by; asking the real clock would take a third of the time that an uncontended local lock takes. It ticks
 * only while it is being asked.
 */
final class CoarseClock {

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int IDLE_TICKS = 100;

    private final TimeSource time;
    private final Timers timers;
    private final boolean coarse;
    private final Runnable eachTick;

    private volatile boolean ticking;
    private volatile boolean asked;
    private volatile long now;
    private int idle;

    /** Until when not to try again after there was no thread to tick on. */
    private volatile long notBefore;

    /** Another clock than the JVM's is asked itself, because it moves only when a test moves it. */
    CoarseClock(TimeSource time, Timers timers, Runnable eachTick) {
        this.time = time;
        this.timers = timers;
        this.eachTick = eachTick;
        this.coarse = time == TimeSource.system();
        this.notBefore = time.nanoTime();
    }

    long now() {
        if (!ticking) {
            return start();
        }
        if (!asked) {
            asked = true;
        }
        return now;
    }

    private long start() {
        long exact = time.nanoTime();
        if (coarse && exact - notBefore >= 0) {
            asked = true;
            now = exact;
            try {
                timers.at(exact + TICK, this::tick);
                ticking = true;
            } catch (LockBackendException e) {
                notBefore = exact + TICK;
            }
        }
        return exact;
    }

    /** On the timer thread. Two starts at once make it tick twice as often until it is idle, which does no harm. */
    private void tick() {
        now = time.nanoTime();
        eachTick.run();
        idle = asked ? 0 : idle + 1;
        asked = false;
        if (idle < IDLE_TICKS) {
            timers.at(now + TICK, this::tick);
        } else {
            ticking = false;
        }
    }
}
