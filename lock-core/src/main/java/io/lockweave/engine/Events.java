package io.lockweave.engine;

import io.lockweave.LockEvent;
import io.lockweave.LockKey;
import io.lockweave.LockListener;
import io.lockweave.LockMode;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells the listeners what happens. */
final class Events {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    private record Event(
            Type type,
            LockKey key,
            LockMode mode,
            String backend,
            Duration time,
            long fence,
            boolean handedOver,
            Optional<Throwable> failure,
            String detail)
            implements LockEvent {}

    private final List<LockListener> listeners;
    private final String backend;

    Events(List<LockListener> listeners, String backend) {
        this.listeners = listeners;
        this.backend = backend;
    }

    /** Whether anybody listens; asked before the work of describing an event is done. */
    boolean heard() {
        return !listeners.isEmpty();
    }

    void fire(
            LockEvent.Type type,
            LockKey key,
            LockMode mode,
            long nanos,
            long fence,
            boolean handedOver,
            @Nullable Throwable failure,
            String detail) {
        if (listeners.isEmpty()) {
            return;
        }
        LockEvent event = new Event(
                type,
                key,
                mode,
                backend,
                Duration.ofNanos(Math.max(0, nanos)),
                fence,
                handedOver,
                Optional.ofNullable(failure),
                detail);
        for (LockListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (Throwable e) { // not even an Error may get between a lock and its holder
                LOG.log(
                        Level.WARNING,
                        "A lock listener failed on " + type + " of " + key + "; the lock is not affected",
                        e);
            }
        }
    }
}
