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
 * @param core the engine
 * @param key what to lock
 * @param ask how
 * @param owner for whom
 * @param start when it began
 * @param deadline when its wait budget is used up
 * @param sleeper who is to be woken when it is worth looking again
 */
record Request(Core core, LockKey key, Ask ask, Owner owner, long start, long deadline, Waiter.Sleeper sleeper) {

    boolean isTooLate() {
        return deadline - core.now() <= 0;
    }

    /** A place for a queue that this request is going to stand in. */
    Waiter waiter(int units) {
        return new Waiter(owner, ask, units, core.now(), deadline, sleeper);
    }

    Duration waited() {
        return Duration.ofNanos(core.now() - start);
    }

    LockUnavailableException closed() {
        return LockUnavailableException.closed(core.namespace().full(key), waited());
    }

    /**
     * Fails if the engine is closed, or ends and the owner holds nothing.
     *
     * @throws LockUnavailableException if it is
     */
    void ensureOpen() {
        if (core.isClosed() || core.refuses(owner)) {
            throw closed();
        }
    }

    /** Who asks, since when, and how. */
    LockWaiter describe(long now, LockWaiter.Way way, int asked, @Nullable Duration asksAgainIn) {
        return new LockWaiter(
                owner.place(),
                ask.mode(),
                Duration.ofNanos(Math.max(0, now - start)),
                Nanos.left(deadline, now),
                way,
                asked,
                asksAgainIn);
    }

    /** Tells the listeners that the wait began, with what it waits for. */
    void fireWaiting(Supplier<String> detail) {
        if (core.events().heard()) {
            String text = detail.get() + "; waits for at most " + Durations.text(Duration.ofNanos(ask.waitNanos()));
            core.events().fire(LockEvent.Type.WAITING, key, ask.mode(), 0, 0, false, null, text);
        }
    }
}
