package io.lockweave.engine;

import io.lockweave.LockListener;
import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an engine is told once.
 *
 * @param namespace of keys that have none
 * @param waitTime of claims that name none
 * @param leaseTime of claims that name none
 * @param maxHoldTime after which a hold is not renewed any more but lost; null: never
 * @param longHold after which the log tells of a hold; zero: never
 * @param failFastAfter after which time without an answer of the store claims are refused at once
 * @param handOver whether grants pass between waiters of this JVM
 * @param sendReleases whether releases that do not say so are sent without being awaited
 * @param detectDeadlocks whether a wait that closes a cycle is refused
 * @param recordOrder whether names taken in both orders are reported
 * @param timeSource the clock
 * @param listeners who hears of events
 */
public record EngineSettings(
        String namespace,
        Duration waitTime,
        Duration leaseTime,
        @Nullable Duration maxHoldTime,
        Duration longHold,
        Duration failFastAfter,
        boolean handOver,
        boolean sendReleases,
        boolean detectDeadlocks,
        boolean recordOrder,
        TimeSource timeSource,
        List<LockListener> listeners) {

    /** Copies the listeners. */
    public EngineSettings {
        listeners = List.copyOf(listeners);
    }
}
