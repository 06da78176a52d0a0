package io.lockweave.engine;

import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockWaiter;
import io.lockweave.spi.Capability;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The second part of an acquisition's way, inside the gate: to a grant of the store. It may be the one that the last
 * holder here has left, or one that shared holders of this JVM use together. Else shared and permit claims go through
 * the gate's line one after the other, so that each may find what the one before got, and then there is the contest for
 * the store.
 */
final class StoreStage implements Contender {

    private final AcquireContext context;
    private final EngineParts parts;
    private final StoreParts store;
    private final StoreSide side;
    private final Hold hold;
    private @Nullable QueuePlace inLineQueue;
    private boolean inLine;
    private @Nullable WaitLoop loop;

    /** A grant that it took out of where it was parked, until it uses it or gives it back. */
    private @Nullable LeasedGrant taken;

    /** A grant that the hold is about to join. */
    private @Nullable LeasedGrant joining;

    /** What its contest waits for. */
    private volatile Progress.@Nullable Waiting waiting;

    /** The way of a hold that has not begun yet; it begins when this is through. */
    StoreStage(AcquireContext context, StoreParts store, Gate gate, Hold hold) {
        this.context = context;
        this.parts = context.parts();
        this.store = store;
        this.side = gate.storeSide();
        this.hold = hold;
    }

    /**
     * Goes as far as it can.
     *
     * @throws io.lockweave.LockException if the engine is closed or the store refuses the claim for good
     */
    Progress advance(boolean mayAskStore) {
        QueuePlace place = inLineQueue;
        if (place != null) {
            return waitInLine(place, mayAskStore);
        }
        if (!mayAskStore) {
            return Progress.Known.NEEDS_STORE;
        }
        if (loop != null) {
            return contend(loop);
        }
        if (useParked()) {
            return Progress.Known.THROUGH;
        }
        if (context.options().mode() == LockMode.EXCLUSIVE) {
            return contend(newLoop());
        }
        return goToLine();
    }

    private Progress goToLine() {
        if (joinTogether()) {
            return Progress.Known.THROUGH;
        }
        if (side.line.tryEnter(Room.ALL, true) == Room.Entry.ENTERED) {
            inLine = true;
            return contend(newLoop());
        }
        QueuePlace place = QueuePlace.join(context, side.line, Room.ALL, null);
        if (place == null) {
            throw new IllegalStateException("a line without a registry does not die");
        }
        inLineQueue = place;
        return waitInLine(place, true);
    }

    private Progress waitInLine(QueuePlace place, boolean mayAskStore) {
        if (joinTogether()) {
            leaveLineQueue();
            return Progress.Known.THROUGH;
        }
        Step step = place.advance();
        if (step == Step.WAIT) {
            return new Progress.Waiting(context.deadline(), null, 0);
        }
        if (step == Step.BUSY) {
            inLineQueue = null;
            return new Progress.Refused(null, null, 0);
        }
        inLineQueue = null;
        inLine = true;
        if (joinTogether()) {
            leaveLine();
            return Progress.Known.THROUGH;
        }
        loop = newLoop();
        return mayAskStore ? contend(loop) : Progress.Known.NEEDS_STORE;
    }

    private void leaveLineQueue() {
        QueuePlace place = inLineQueue;
        if (place != null) {
            inLineQueue = null;
            inLine = place.leave();
            leaveLine();
        }
    }

    private void leaveLine() {
        if (inLine) {
            Stack.ensurePlenty();
            inLine = false;
            side.line.leave(Room.ALL);
        }
    }

    private boolean useParked() {
        LeasedGrant parked = side.takeParked();
        taken = parked;
        if (parked == null) {
            return false;
        }
        boolean used = parked.suits(context.options()) && parked.lastsLongEnough(parts.now()) && join(parked, true);
        if (used) {
            taken = null;
            shareTogether(parked);
        } else {
            store.unused().giveBack(parked);
            taken = null;
        }
        return used;
    }

    private boolean joinTogether() {
        LeasedGrant together = context.options().mode() == LockMode.SHARED ? side.together() : null;
        return together != null
                && together.suits(context.options())
                && together.mayPass(parts.now(), store.handOverBound().nanos())
                && join(together, true);
    }

    private boolean join(LeasedGrant grant, boolean handedOver) {
        joining = grant;
        boolean joined = grant.join(hold, handedOver);
        joining = null;
        return joined;
    }

    private void shareTogether(LeasedGrant grant) {
        if (context.options().mode() == LockMode.SHARED) {
            side.shareTogether(grant);
        }
    }

    private WaitLoop newLoop() {
        return new WaitLoop(context, store);
    }

    private Progress contend(WaitLoop first) {
        WaitLoop running = first;
        while (true) {
            loop = running;
            context.ensureOpen();
            Progress progress = running.look();
            if (progress instanceof Progress.Waiting seen) {
                waiting = seen;
                parts.contenders().add(this);
                context.ensureOpen(); // closing may have come too early to wake this one
                return progress;
            }
            LeasedGrant won = running.won();
            if (won == null) {
                loop = null;
                return progress;
            }
            if (join(won, false)) {
                loop = null;
                parts.contenders().remove(this);
                shareTogether(won);
                leaveLine();
                return Progress.Known.THROUGH;
            }
            store.unused().giveBack(won); // lost before it could be used
            if (context.isTooLate()) {
                loop = null;
                return new Progress.Refused(null, null, running.asked());
            }
            running = newLoop();
        }
    }

    /** Gives up wherever it stands, unless it is through; what the store has granted or queued is taken back. */
    void abandon() {
        leaveGrants();
        WaitLoop running = loop;
        parts.contenders().remove(this);
        try {
            leaveLineQueue();
        } finally {
            leaveLine();
            if (running != null) {
                running.abandon();
            }
            loop = null;
        }
    }

    private void leaveGrants() {
        LeasedGrant joined = joining;
        if (joined != null) {
            joined.part(hold, 0);
            store.unused().giveBack(joined);
            joining = null;
        }
        LeasedGrant unused = taken;
        if (unused != null) {
            store.unused().giveBack(unused);
            taken = null;
        }
    }

    @Override
    public LockKey key() {
        return context.key();
    }

    @Override
    public @Nullable LockHolder holder() {
        Progress.Waiting seen = waiting;
        return seen == null ? null : seen.holder();
    }

    @Override
    public LockWaiter describe(long now) {
        Progress.Waiting seen = waiting;
        return context.describe(
                now,
                listens() ? LockWaiter.Way.LISTENING : LockWaiter.Way.POLLING,
                seen == null ? 0 : seen.asked(),
                seen == null ? null : Duration.ofNanos(Math.max(0, seen.until() - now)));
    }

    /** Whether the store tells of releases, so that it is asked now and then only. */
    boolean listens() {
        return store.store().capabilities().contains(Capability.PUSH);
    }

    @Override
    public void wake() {
        context.sleeper().wake();
    }
}
