package io.lockweave.jdbc.session;

import io.lockweave.spi.BackgroundThreads;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks after a session now and then. Begun and ended in turn with the session. */
final class Probe implements AutoCloseable {

    /** How often. */
    static final Duration PERIOD = Duration.ofMillis(500);

    private final Runnable look;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            task -> BackgroundThreads.daemon("lockweave-jdbc-session-probe", task));
    private boolean underWay;
    private boolean closed;

    /** The look takes its turn, says that it has {@link #looked}, and begins again if there is still a reason. */
    Probe(Runnable look) {
        this.look = look;
    }

    /** Looks in a moment, unless it is about to. */
    void begin() {
        if (!underWay && !closed) {
            underWay = true;
            thread.schedule(look, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    void looked() {
        underWay = false;
    }

    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
    }
}
