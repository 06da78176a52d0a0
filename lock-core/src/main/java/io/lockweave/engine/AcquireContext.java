package io.lockweave.engine;

import io.lockweave.Durations;
import io.lockweave.LockEvent;
import io.lockweave.LockKey;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockWaiter;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Acquisition} is to get, and until when.
 *
 * @param parts the engine
 * @param key what to lock
 * @param options how
 * @param owner for whom
 * @param start when it began
 * @param deadline when its wait budget is used up
 * @param sleeper who is to be woken when it is worth looking again
 */
record AcquireContext(
        EngineParts parts,
        LockKey key,
        ResolvedOptions options,
        Owner owner,
        long start,
        long deadline,
        Waiter.Wakeable sleeper) {

    boolean isTooLate() {
        return deadline - parts.now() <= 0;
    }

    /** A place for a queue that this request is going to stand in. */
    Waiter waiter(int units) {
        return new Waiter(owner, options, units, parts.now(), deadline, sleeper);
    }

    Duration waited() {
        return Duration.ofNanos(parts.now() - start);
    }

    LockUnavailableException closed() {
        return LockUnavailableException.closed(parts.namespace().full(key), waited());
    }

    /**
     * Fails if the engine is closed, or ends and the owner holds nothing.
     *
     * @throws LockUnavailableException if it is
     */
    void ensureOpen() {
        if (parts.state().refuses(owner)) {
            throw closed();
        }
    }

    /** Who asks, since when, and how. */
    LockWaiter describe(long now, LockWaiter.Way way, int asked, @Nullable Duration asksAgainIn) {
        return new LockWaiter(
                owner.place(),
                options.mode(),
                Duration.ofNanos(Math.max(0, now - start)),
                Nanos.left(deadline, now),
                way,
                asked,
                asksAgainIn);
    }

    /** Tells the listeners that the wait began, with what it waits for. */
    void fireWaiting(Supplier<String> detail) {
        if (parts.events().heard()) {
            String text = detail.get() + "; waits for at most " + Durations.text(Duration.ofNanos(options.waitNanos()));
            parts.events().fire(LockEvent.Type.WAITING, new EventPublisher.Subject(key, options.mode()), 0, null, text);
        }
    }
}
