package io.lockweave.engine;

import io.lockweave.LockEvent;
import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockListener;
import io.lockweave.LockMode;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells the listeners what happens. */
final class EventPublisher {

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

    /**
     * What an event is about.
     *
     * @param fence the fence of a hold; 0 if there is none
     * @param handedOver whether a hold came from another one of this JVM
     */
    record Subject(LockKey key, LockMode mode, long fence, boolean handedOver) {

        /** A claim that has not got its lock. */
        Subject(LockKey key, LockMode mode) {
            this(key, mode, 0, false);
        }
    }

    /** What is to be told later, while a thread runs work that listeners must not hold up. */
    private static final ThreadLocal<@Nullable List<Event>> PUT_OFF = new ThreadLocal<>();

    private final List<LockListener> listeners;
    private final String backend;
    private final EventLog log;

    EventPublisher(List<LockListener> listeners, String backend, EventLog log) {
        this.listeners = listeners;
        this.backend = backend;
        this.log = log;
    }

    /** Whether anybody listens; asked before the work of describing an event is done. */
    boolean heard() {
        return !listeners.isEmpty() || log.isDetailed();
    }

    /** Tells an event, and what took so many nanoseconds of it. */
    void fire(LockEvent.Type type, Subject subject, long nanos, @Nullable Throwable failure, String detail) {
        log.lookAtLevel();
        if (!heard()) {
            return;
        }
        Event event = new Event(
                type,
                subject.key,
                subject.mode,
                backend,
                Duration.ofNanos(Math.max(0, nanos)),
                subject.fence,
                subject.handedOver,
                Optional.ofNullable(failure),
                detail);
        List<Event> later = PUT_OFF.get();
        if (later == null) {
            tell(event);
        } else {
            later.add(event);
        }
    }

    /** Tells that a claim ended without the lock, this long after it was made. */
    void fireUnavailable(LockKey key, LockMode mode, long nanos, @Nullable Throwable why, @Nullable LockHolder holder) {
        String detail = holder == null || !heard() ? "" : "held by " + holder.describe();
        fire(LockEvent.Type.UNAVAILABLE, new Subject(key, mode), nanos, why, detail);
    }

    /** Tells that the store failed a claim for good, this long after it was asked. */
    void fireFailed(LockKey key, LockMode mode, long nanos, Throwable why) {
        fire(LockEvent.Type.BACKEND_FAILED, new Subject(key, mode), nanos, why, "");
    }

    private void tell(Event event) {
        log.tell(event);
        for (LockListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (Throwable e) { // not even an Error may get between a lock and its holder
                LOG.log(
                        Level.WARNING,
                        "A lock listener failed on " + event.type() + " of " + event.key()
                                + "; the lock is not affected",
                        e);
            }
        }
    }

    /** Runs some work on a thread that no listener may hold up; returns what tells them what they are to hear of it. */
    Runnable puttingOff(Runnable work) {
        if (!heard()) {
            work.run();
            return () -> {};
        }
        List<Event> later = new ArrayList<>();
        PUT_OFF.set(later);
        try {
            work.run();
        } finally {
            PUT_OFF.remove();
        }
        return () -> later.forEach(this::tell);
    }
}
