package io.lockweave.engine;

import io.lockweave.Locks;
import io.lockweave.schedules.Schedule;
import io.lockweave.spi.LockBackend;
import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Engines whose threads and clock are those of a {@link Schedule} in simulated time. */
public final class SimulatedEngines {

    private SimulatedEngines() {}

    private static final class Clock implements TimeSource {

        @Override
        public long nanoTime() {
            return System.nanoTime(); // the simulated one: this class is changed when it is loaded
        }

        @Override
        public void parkNanos(Object blocker, long nanos) {
            LockSupport.parkNanos(blocker, nanos);
        }
    }

    /** An engine over a backend, which hands over and does not wait for releases if told so. */
    public static Locks over(LockBackend backend, boolean handOver, boolean sendReleases) {
        EngineSettings settings = new EngineSettings(
                "fleet",
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                null,
                Duration.ZERO,
                Duration.ofSeconds(5),
                handOver,
                sendReleases,
                true,
                false,
                new Clock(),
                List.of());
        return new LockEngine(backend, settings, Schedule::newThread);
    }

    /** Whether nothing of it is in use. */
    public static boolean isIdle(Locks locks) {
        return ((LockEngine) locks).parts().gates().all().isEmpty();
    }
}
