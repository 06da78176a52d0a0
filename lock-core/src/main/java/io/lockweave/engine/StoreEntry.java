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
final class StoreEntry implements Contender {

    private final Request request;
    private final EngineParts parts;
    private final StoreParts store;
    private final StoreSide side;
    private final Hold hold;
    private @Nullable QueuePlace inLineQueue;
    private boolean inLine;
    private @Nullable Contest contest;

    /** A grant that it took out of where it was parked, until it uses it or gives it back. */
    private @Nullable LiveGrant taken;

    /** A grant that the hold is about to join. */
    private @Nullable LiveGrant joining;

    /** What its contest waits for. */
    private volatile Progress.@Nullable Waiting waiting;

    /** The way of a hold that has not begun yet; it begins when this is through. */
    StoreEntry(Request request, StoreParts store, Gate gate, Hold hold) {
        this.request = request;
        this.parts = request.parts();
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
        if (contest != null) {
            return contend(contest);
        }
        if (useParked()) {
            return Progress.Known.THROUGH;
        }
        if (request.ask().mode() == LockMode.EXCLUSIVE) {
            return contend(newContest());
        }
        return goToLine();
    }

    private Progress goToLine() {
        if (joinTogether()) {
            return Progress.Known.THROUGH;
        }
        if (side.line.tryEnter(Room.ALL, true) == Room.Entry.ENTERED) {
            inLine = true;
            return contend(newContest());
        }
        QueuePlace place = QueuePlace.join(request, side.line, Room.ALL, null);
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
            return new Progress.Waiting(request.deadline(), null, 0);
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
        contest = newContest();
        return mayAskStore ? contend(contest) : Progress.Known.NEEDS_STORE;
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
        LiveGrant parked = side.takeParked();
        taken = parked;
        if (parked == null) {
            return false;
        }
        boolean used = parked.suits(request.ask()) && parked.lastsLongEnough(parts.now()) && join(parked, true);
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
        LiveGrant together = request.ask().mode() == LockMode.SHARED ? side.together() : null;
        return together != null
                && together.suits(request.ask())
                && together.mayPass(parts.now(), store.handOverBound().nanos())
                && join(together, true);
    }

    private boolean join(LiveGrant grant, boolean handedOver) {
        joining = grant;
        boolean joined = grant.join(hold, handedOver);
        joining = null;
        return joined;
    }

    private void shareTogether(LiveGrant grant) {
        if (request.ask().mode() == LockMode.SHARED) {
            side.shareTogether(grant);
        }
    }

    private Contest newContest() {
        return new Contest(request, store);
    }

    private Progress contend(Contest first) {
        Contest running = first;
        while (true) {
            contest = running;
            request.ensureOpen();
            Progress progress = running.look();
            if (progress instanceof Progress.Waiting seen) {
                waiting = seen;
                parts.contenders().add(this);
                request.ensureOpen(); // closing may have come too early to wake this one
                return progress;
            }
            LiveGrant won = running.won();
            if (won == null) {
                contest = null;
                return progress;
            }
            if (join(won, false)) {
                contest = null;
                parts.contenders().remove(this);
                shareTogether(won);
                leaveLine();
                return Progress.Known.THROUGH;
            }
            store.unused().giveBack(won); // lost before it could be used
            if (request.isTooLate()) {
                contest = null;
                return new Progress.Refused(null, null, running.asked());
            }
            running = newContest();
        }
    }

    /** Gives up wherever it stands, unless it is through; what the store has granted or queued is taken back. */
    void abandon() {
        leaveGrants();
        Contest running = contest;
        parts.contenders().remove(this);
        try {
            leaveLineQueue();
        } finally {
            leaveLine();
            if (running != null) {
                running.abandon();
            }
            contest = null;
        }
    }

    private void leaveGrants() {
        LiveGrant joined = joining;
        if (joined != null) {
            joined.part(hold, 0);
            store.unused().giveBack(joined);
            joining = null;
        }
        LiveGrant unused = taken;
        if (unused != null) {
            store.unused().giveBack(unused);
            taken = null;
        }
    }

    @Override
    public LockKey key() {
        return request.key();
    }

    @Override
    public @Nullable LockHolder holder() {
        Progress.Waiting seen = waiting;
        return seen == null ? null : seen.holder();
    }

    @Override
    public LockWaiter describe(long now) {
        Progress.Waiting seen = waiting;
        return request.describe(
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
        request.sleeper().wake();
    }
}
