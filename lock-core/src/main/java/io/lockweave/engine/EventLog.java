package io.lockweave.engine;

import io.lockweave.Durations;
import io.lockweave.LockEvent;
import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.spi.LockBackend;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the log says of locks: every step at DEBUG, a wait that ran out and a hold that lasts long at WARNING. Each lock
 * is written in one way: {@code namespace/name[key]}.
 */
final class EventLog {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    private final Namespace namespace;
    private final SaidRarely ranOut = new SaidRarely();
    private final SaidRarely heldLong = new SaidRarely();

    /** Whether each step is written; looked at every now and then, since to ask for it costs as much as a lock. */
    private volatile boolean detailed;

    EventLog(Namespace namespace) {
        this.namespace = namespace;
        lookAtLevel();
    }

    /** Finds out whether each step is written from now on. */
    void lookAtLevel() {
        boolean now = LOG.isLoggable(Level.DEBUG);
        if (detailed != now) {
            detailed = now;
        }
    }

    boolean isDetailed() {
        return detailed;
    }

    /** These locks are in use from now on. */
    void started(LockBackend backend, EngineSettings settings) {
        LOG.log(
                Level.INFO,
                "Locks of backend " + backend.name() + " are in use: " + backend.description() + ", namespace "
                        + namespace.name() + ", wait time " + text(settings.waitTime()) + ", lease time "
                        + text(settings.leaseTime()));
    }

    /** One step. */
    void tell(LockEvent event) {
        if (detailed) {
            LOG.log(Level.DEBUG, () -> lock(event.key()) + " " + step(event) + more(event));
        }
    }

    private static String step(LockEvent event) {
        String time = text(event.time());
        return switch (event.type()) {
            case WAITING -> "is waited for (" + mode(event) + ")";
            case ACQUIRED ->
                (event.handedOver() ? "passed on inside this JVM after " : "acquired after ") + time + " ("
                        + mode(event) + ", fence " + event.fence() + ")";
            case UNAVAILABLE -> "not acquired after " + time;
            case RELEASED -> "released after " + time + " (fence " + event.fence() + ")";
            case LOST -> "lost after " + time + " (fence " + event.fence() + ")";
            case RENEWAL_FAILED -> "not renewed; its lease ends in " + time;
            case RELEASE_FAILED -> "not given back after " + time + "; it is tried again";
            case BACKEND_FAILED -> "not acquired: the store failed after " + time;
            case DEADLOCK -> "not waited for: that would be a deadlock";
            case ORDER -> "taken in both orders";
        };
    }

    private static String mode(LockEvent event) {
        return event.mode().name().toLowerCase(Locale.ROOT);
    }

    private static String more(LockEvent event) {
        String why = event.failure().map(failure -> ": " + failure.getMessage()).orElse("");
        return (event.detail().isEmpty() ? "" : "; " + event.detail()) + why;
    }

    /** Somebody waited in vain for as long as the wait time allows. */
    void ranOut(LockKey key, long now, Duration waited, String how, @Nullable LockHolder holder) {
        int leftOut = ranOut.leftOut(key.name(), now);
        if (leftOut >= 0) {
            LOG.log(
                    Level.WARNING,
                    lock(key) + " not acquired after " + text(waited) + (how.isEmpty() ? "" : " " + how)
                            + (holder == null ? "" : "; held by " + holder.describe())
                            + others(leftOut, "waits ran out", key));
        }
    }

    /** Somebody holds a lock for long; the thread's stack tells where, if it is one of this JVM. */
    void heldLong(LockKey key, long now, LockHolder holder, int waiters, @Nullable Throwable stack) {
        int leftOut = heldLong.leftOut(key.name(), now);
        if (leftOut >= 0) {
            LOG.log(
                    Level.WARNING,
                    lock(key) + " is held by " + holder.describe() + ", and " + waiters + " of this JVM wait for it"
                            + others(leftOut, "holds lasted long", key),
                    stack);
        }
    }

    private static String others(int leftOut, String what, LockKey key) {
        return leftOut == 0
                ? ""
                : ". Of the name " + LockKey.of(key.name()) + " " + leftOut + " further " + what
                        + " since this was last said";
    }

    private String lock(LockKey key) {
        return "Lock " + namespace.full(key);
    }

    private static String text(Duration time) {
        return Durations.text(time);
    }
}
