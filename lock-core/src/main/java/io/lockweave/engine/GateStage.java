package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockDeadlockException;
import io.lockweave.LockEvent;
import io.lockweave.LockHolder;
import org.jspecify.annotations.Nullable;

/**
 * The first part of an acquisition's way: finds or makes the gate of the key, enters again what its owner holds there
 * already, enters, or stands in the gate's queue.
 */
final class GateStage {

    private final AcquireContext context;
    private final EngineParts parts;
    private @Nullable Gate gate;
    private @Nullable QueuePlace place;
    private @Nullable HeldLock again;
    private boolean inside;
    private boolean waited;
    private int ahead;

    GateStage(AcquireContext context) {
        this.context = context;
        this.parts = context.parts();
    }

    /**
     * Goes as far as it can. Once through, either {@link #again} has a handle or {@link #gate} is entered.
     *
     * @throws io.lockweave.LockException if the engine is closed, waiting would be a deadlock, or the ask contradicts a
     *     hold
     */
    Step advance() {
        while (place == null) {
            if (enter()) {
                return Step.THROUGH;
            }
            if (place == null && gate != null) {
                return Step.BUSY;
            }
        }
        return waitInQueue(place);
    }

    /**
     * One attempt: true if through; else there is a place in the queue, or no time to wait, or it has to be tried
     * again.
     */
    private boolean enter() {
        context.ensureOpen();
        ResolvedOptions options = context.options();
        Gate found = parts.gates().find(context.key());
        if (found == null) {
            Gate made = parts.gates().create(context.key(), options);
            gate = made; // first, because it may be in the registry although registering fails
            inside = true;
            found = parts.gates().register(made);
            if (found == null) {
                return true;
            }
            inside = false;
            gate = null;
        }
        Hold mine = found.heldBy(context.owner());
        again = mine == null ? null : Reentry.of(mine, options);
        if (again != null) {
            return true;
        }
        if (found.isDead()) {
            parts.gates().remove(found);
            return false;
        }
        if (found.limit != options.limit()) {
            throw UsageErrors.permitsDiffer(
                    found.fullKey(), found.limit == Room.ALL ? 1 : found.limit, options.permits());
        }
        StoreSide release = release(found); // before the look: what is answered after it has made room since
        Room.Entry entry = found.tryEnter(options.units(), options.inTurn());
        if (entry == Room.Entry.ENTERED) {
            gate = found; // noted without a call in between that could fail
            inside = true;
            return true;
        }
        if (entry == Room.Entry.DEAD) {
            parts.gates().remove(found);
        } else {
            lineUp(found, release);
        }
        return false;
    }

    /** What the gate knows of the store, if that is being told of a release here. */
    private static @Nullable StoreSide release(Gate at) {
        StoreSide known = at.knownStoreSide();
        return known != null && known.isBeingReleased() ? known : null;
    }

    private void lineUp(Gate found, @Nullable StoreSide release) {
        parts.leftovers.watch();
        if (release == null && context.isTooLate()) {
            gate = found;
            return;
        }
        QueuePlace mine = QueuePlace.join(context, found, context.options().units(), release);
        if (mine == null) {
            parts.gates().remove(found);
            return;
        }
        gate = found;
        place = mine;
        if (!found.enterFromQueue(mine.waiter(), parts.now())) {
            waited = true;
            context.fireWaiting(() -> gateWait(found));
            checkDeadlock(found, mine);
        }
    }

    private String gateWait(Gate at) {
        LockHolder by = at.anyHolder(parts.now());
        return (by == null ? "" : "held by " + by.describe() + "; ") + "number "
                + at.waiters().size() + " of those who wait in this JVM";
    }

    private void checkDeadlock(Gate found, QueuePlace mine) {
        try {
            parts.deadlocks().check(context.owner(), found, mine.waiter(), blocks());
        } catch (LockDeadlockException e) {
            parts.events()
                    .fire(
                            LockEvent.Type.DEADLOCK,
                            new EventPublisher.Subject(
                                    context.key(), context.options().mode()),
                            0,
                            e,
                            "");
            throw e;
        }
    }

    private boolean blocks() {
        return context.sleeper() instanceof BlockedThread;
    }

    private void stopWaiting() {
        context.owner().waitsNoMore();
        if (blocks()) {
            DeadlockDetector.goOn();
        }
    }

    private Step waitInQueue(QueuePlace mine) {
        Step step = mine.advance();
        if (step != Step.WAIT) {
            ahead = mine.ahead();
            place = null;
            inside = step == Step.THROUGH;
            stopWaiting();
        }
        return step;
    }

    /** The gate that was entered, or whose queue it stood in; null if it came to none. */
    @Nullable
    Gate gate() {
        return gate;
    }

    /** The further handle of a hold that its owner had already. */
    @Nullable
    HeldLock again() {
        return again;
    }

    /** Until when it waits in the queue. */
    long waitsUntil() {
        QueuePlace mine = place;
        return mine == null ? context.deadline() : mine.deadline();
    }

    /** Whether it had to wait in the queue, and said so. */
    boolean hasWaited() {
        return waited;
    }

    /** Once it has left the queue without the lock: how many stood before it there. */
    int ahead() {
        return ahead;
    }

    /** Gives up: leaves the queue or the gate, unless a hold has taken over. */
    void abandon(boolean taken) {
        stopWaiting();
        Gate at = gate;
        if (at == null) {
            return;
        }
        QueuePlace mine = place;
        if (mine != null) {
            inside = mine.leave();
            place = null;
        }
        if (inside && !taken) {
            inside = false;
            at.leave(context.options().units());
        }
        StoreParts store = parts.storeParts();
        if (store != null) {
            store.unused().giveBackOrphan(at);
        }
    }
}
