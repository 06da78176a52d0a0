package io.lockweave.engine;

import org.jspecify.annotations.Nullable;

/** A request's place in the queue of a gate, until it is let in, gives up or hears that the engine is closed. */
final class QueuePlace {

    private final Request request;
    private final Gate gate;
    private final Waiter waiter;

    private QueuePlace(Request request, Gate gate, Waiter waiter) {
        this.request = request;
        this.gate = gate;
        this.waiter = waiter;
    }

    /** Joins the queue; {@link #advance} has to be tried right after. Null if the gate is dead. */
    static @Nullable QueuePlace join(Request request, Gate gate, int units) {
        Waiter waiter = request.waiter(units);
        return gate.enqueue(waiter) ? new QueuePlace(request, gate, waiter) : null;
    }

    /**
     * Looks whether it is let in.
     *
     * @throws io.lockweave.LockUnavailableException if the engine is closed
     */
    Step advance() {
        long now = request.core().now();
        if (gate.enterFromQueue(waiter, now)) {
            return Step.THROUGH;
        }
        if (waiter.status() == Waiter.GONE) {
            throw request.closed();
        }
        if (request.deadline() - now > 0) {
            return Step.WAIT;
        }
        return gate.cancel(waiter) ? Step.BUSY : Step.THROUGH;
    }

    /** Gives the place up; true if it was let in before that, and so is inside the gate now. */
    boolean leave() {
        return !gate.cancel(waiter);
    }

    Waiter waiter() {
        return waiter;
    }
}
