package io.lockweave.engine;

import io.lockweave.LockException;
import io.lockweave.LockHolder;
import io.lockweave.LockMode;
import io.lockweave.spi.LockStore;
import org.jspecify.annotations.Nullable;

/**
 * The second part of an acquisition's way, inside the gate: to a grant of the store. It may be the one that the last holder
 * here has left, or one that shared holders of this JVM use together. Else shared and permit claims go through the gate's
 * line one after the other, so that each may find what the one before got, and then there is the contest for the store.
 */
final class StoreEntry {

    private final Request request;
    private final Core core;
    private final LockStore store;
    private final StoreSide side;
    private final Hold hold;
    private @Nullable QueuePlace inLineQueue;
    private boolean inLine;
    private @Nullable Contest contest;
    private long nextLook;
    private @Nullable LockException failure;
    private @Nullable LockHolder holder;

    /** The way of a hold that has not begun yet; it begins when this is through. */
    StoreEntry(Request request, LockStore store, Gate gate, Hold hold) {
        this.request = request;
        this.core = request.core();
        this.store = store;
        this.side = gate.storeSide();
        this.hold = hold;
        this.nextLook = request.start();
    }

    /**
     * Goes as far as it can.
     *
     * @throws LockException if the engine is closed or the store refuses the claim for good
     */
    Step advance(boolean mayAskStore) {
        QueuePlace place = inLineQueue;
        if (place != null) {
            return waitInLine(place, mayAskStore);
        }
        if (!mayAskStore) {
            return Step.NEEDS_STORE;
        }
        if (contest != null) {
            return contend(contest);
        }
        if (useParked()) {
            return Step.THROUGH;
        }
        if (request.ask().mode() == LockMode.EXCLUSIVE) {
            return contend(newContest());
        }
        return goToLine();
    }

    private Step goToLine() {
        if (joinTogether()) {
            return Step.THROUGH;
        }
        if (side.line.tryEnter(Gate.ALL, true) == Gate.Entry.ENTERED) {
            inLine = true;
            return contend(newContest());
        }
        QueuePlace place = QueuePlace.join(request, side.line, Gate.ALL);
        if (place == null) {
            throw new IllegalStateException("a line without a registry does not die");
        }
        inLineQueue = place;
        return waitInLine(place, true);
    }

    private Step waitInLine(QueuePlace place, boolean mayAskStore) {
        if (joinTogether()) {
            leaveLineQueue();
            return Step.THROUGH;
        }
        nextLook = request.deadline();
        Step step = place.advance();
        if (step != Step.THROUGH) {
            inLineQueue = step == Step.WAIT ? place : null;
            return step;
        }
        inLineQueue = null;
        inLine = true;
        if (joinTogether()) {
            leaveLine();
            return Step.THROUGH;
        }
        contest = newContest();
        return mayAskStore ? contend(contest) : Step.NEEDS_STORE;
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
            inLine = false;
            side.line.leave(Gate.ALL);
        }
    }

    private boolean useParked() {
        LiveGrant parked = side.takeParked();
        if (parked == null) {
            return false;
        }
        if (!parked.suits(request.ask()) || !parked.join(hold, true)) {
            core.returns().giveBack(parked);
            return false;
        }
        shareTogether(parked);
        return true;
    }

    private boolean joinTogether() {
        LiveGrant together = request.ask().mode() == LockMode.SHARED ? side.together() : null;
        return together != null
                && together.suits(request.ask())
                && together.mayPass(core.now(), core.longestHandOver())
                && together.join(hold, true);
    }

    private void shareTogether(LiveGrant grant) {
        if (request.ask().mode() == LockMode.SHARED) {
            side.shareTogether(grant);
        }
    }

    private Contest newContest() {
        return new Contest(request, store);
    }

    private Step contend(Contest first) {
        Contest running = first;
        while (true) {
            contest = running;
            request.ensureOpen();
            if (!running.look()) {
                nextLook = running.nextLook();
                core.contestWaits(this);
                request.ensureOpen(); // closing may have come too early to wake this one
                return Step.WAIT;
            }
            contest = null;
            LiveGrant won = running.won();
            if (won == null) {
                failure = running.failure();
                holder = running.holder();
                return Step.BUSY;
            }
            if (won.join(hold, false)) {
                core.contestEnded(this);
                shareTogether(won);
                leaveLine();
                return Step.THROUGH;
            }
            running = newContest(); // lost before it could be used
        }
    }

    /** Gives up wherever it stands, unless it is through; what the store has granted or queued is taken back. */
    void abandon() {
        Contest running = contest;
        if (running != null) {
            contest = null;
            running.abandon();
        }
        core.contestEnded(this);
        leaveLineQueue();
        leaveLine();
    }

    Request request() {
        return request;
    }

    /** When to advance at the latest, unless woken before. */
    long nextLook() {
        return nextLook;
    }

    /** What the store failed with, if that ended it. */
    @Nullable
    LockException failure() {
        return failure;
    }

    /** Who holds the lock, as far as the store said. */
    @Nullable
    LockHolder holder() {
        return holder;
    }
}
