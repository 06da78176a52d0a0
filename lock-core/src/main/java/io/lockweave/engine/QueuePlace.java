package io.lockweave.engine;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A request's place in the queue of a gate, until it is let in, gives up or hears that the engine is closed. */
final class QueuePlace {

    /** How long a claim waits at most beyond its wait time for the store to hear of a release here. */
    private static final long MOST_FOR_RELEASE = TimeUnit.SECONDS.toNanos(2);

    private final AcquireContext context;
    private final Turnstile gate;
    private final Waiter waiter;

    /** Set if the store was being told of a release here when it came. */
    private final @Nullable StoreSide release;

    private QueuePlace(AcquireContext context, Turnstile gate, Waiter waiter, @Nullable StoreSide release) {
        this.context = context;
        this.gate = gate;
        this.waiter = waiter;
        this.release = release;
    }

    /** Joins the queue; {@link #advance} has to be tried right after. Null if the gate is dead. */
    static @Nullable QueuePlace join(AcquireContext context, Turnstile gate, int units, @Nullable StoreSide release) {
        Waiter waiter = context.waiter(units);
        waiter.awaitsRelease = release != null;
        return gate.enqueue(waiter) ? new QueuePlace(context, gate, waiter, release) : null;
    }

    /**
     * Looks whether it is let in.
     *
     * @throws io.lockweave.LockUnavailableException if the engine is closed
     */
    Step advance() {
        long now = context.parts().now();
        long until = deadline(); // before the look: what is answered after it has made room since
        if (gate.enterFromQueue(waiter, now)) {
            return Step.THROUGH;
        }
        if (waiter.status() == Waiter.GONE) {
            throw context.closed();
        }
        if (until - now > 0) {
            return Step.WAIT;
        }
        return gate.cancel(waiter) ? Step.BUSY : Step.THROUGH;
    }

    /** Gives the place up; true if it was let in before that, and so is inside the gate now. */
    boolean leave() {
        return !gate.cancel(waiter);
    }

    /**
     * Until when it is waited in: while the store is being told of a release here, for that round trip too, as if the
     * claim asked the store itself.
     */
    long deadline() {
        long own = context.deadline();
        long answered = waiter.since + MOST_FOR_RELEASE;
        return release != null && release.isBeingReleased() && own - answered < 0 ? answered : own;
    }

    /** Once it has given up: how many stood before it. */
    int ahead() {
        return waiter.ahead;
    }

    Waiter waiter() {
        return waiter;
    }
}
