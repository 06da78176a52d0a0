package io.lockweave.engine;

import io.lockweave.LockMode;
import io.lockweave.LockOptions;
import io.lockweave.local.LocalBackend;
import io.lockweave.schedules.Schedule;
import io.lockweave.spi.LockBackend;
import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Engines for programs under explored schedules: their threads take turns too, and nothing depends on real time. */
final class ExploredEngines {

    /** Time goes on by so much at most while a thread is parked, in nanoseconds: far less than a lease. */
    private static final long LONGEST_PAUSE = 10_000_000;

    private ExploredEngines() {}

    /** Time that goes on by so many nanoseconds with each look at it. */
    private record Clock(long step, long[] time) implements TimeSource {

        @Override
        public long nanoTime() {
            time[0] += step;
            return time[0];
        }

        @Override
        public void parkNanos(Object blocker, long nanos) {
            LockSupport.parkNanos(blocker, nanos);
            if (Schedule.hasTimedOut()) {
                time[0] += Math.min(nanos, LONGEST_PAUSE);
            }
        }
    }

    /** The simulated time, for engines that are explored in it. */
    static TimeSource simulatedTime() {
        return new TimeSource() {
            @Override
            public long nanoTime() {
                return System.nanoTime(); // the simulated one: this class is changed when it is loaded
            }

            @Override
            public void parkNanos(Object blocker, long nanos) {
                LockSupport.parkNanos(blocker, nanos);
            }
        };
    }

    private static EngineSettings settings(TimeSource time) {
        return new EngineSettings(
                "test",
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                null,
                Duration.ZERO,
                LockOptions.FOREVER,
                true,
                false,
                true,
                false,
                time,
                List.of());
    }

    private static TimeSource clock(long step) {
        return new Clock(step, new long[1]);
    }

    static LockEngine engine(long step) {
        return new LockEngine(new LocalBackend(), settings(clock(step)), Schedule::newThread);
    }

    static LockEngine engineOn(LockBackend backend, long step) {
        return new LockEngine(backend, settings(clock(step)), Schedule::newThread);
    }

    static LockEngine engineInTime(LockBackend backend) {
        return new LockEngine(backend, settings(simulatedTime()), Schedule::newThread);
    }

    static ResolvedOptions options(LockMode mode) {
        return new ResolvedOptions(mode, 1, false, false, 0, 0, true, 0, false);
    }
}
