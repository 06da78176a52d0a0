package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockEvent;
import io.lockweave.LockException;
import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockWaiter;
import io.lockweave.spi.LockStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One claim on one key on its way: through the gate, for shared and permit claims through the gate's line for the store, and
 * through the contest for the store. It never blocks but for the store's round trips: a driver calls {@link #advance} until
 * it is over, each time when woken or when {@link #nextLook} has come. There are two drivers, {@link BlockedThread} and
 * {@link AsyncAcquisition}.
 */
final class Acquisition {

    private enum Phase {
        GATE,
        GATE_QUEUE,
        INSIDE,
        LINE_QUEUE,
        STORE,
        OVER
    }

    private final Core core;
    private final LockKey key;
    private final Ask ask;
    private final Owner owner;
    private final long start;
    private final long deadline;
    private final Waiter.Sleeper sleeper;

    private Phase phase = Phase.GATE;
    private @Nullable Gate gate;
    private @Nullable Waiter waiter;
    private boolean needsStore;
    private boolean inGate;
    private boolean inLine;
    private @Nullable Contest contest;
    private @Nullable Hold hold;
    private long nextLook;

    private @Nullable HeldLock held;
    private @Nullable LockException failure;
    private @Nullable LockHolder holder;

    Acquisition(Core core, LockKey key, Ask ask, Owner owner, long start, long deadline, Waiter.Sleeper sleeper) {
        this.core = core;
        this.key = key;
        this.ask = ask;
        this.owner = owner;
        this.start = start;
        this.deadline = deadline;
        this.sleeper = sleeper;
        this.nextLook = start;
    }

    /**
     * Goes as far as it can; true when over: {@link #held}, {@link #failure}, or neither when it was busy. On a thread that
     * must not wait for the store's answers it stops before the first of them, with {@link #needsStore} saying so.
     */
    boolean advance(boolean mayAskStore) {
        try {
            while (true) {
                Phase before = phase;
                needsStore = !mayAskStore && core.store() != null && (before == Phase.INSIDE || before == Phase.STORE);
                if (needsStore) {
                    return false;
                }
                switch (before) {
                    case GATE -> enterGate();
                    case GATE_QUEUE -> waitAtGate();
                    case INSIDE -> goToStore();
                    case LINE_QUEUE -> waitInLine();
                    case STORE -> contend();
                    case OVER -> {
                        return true;
                    }
                }
                if (phase == before && phase != Phase.GATE) {
                    return false;
                }
            }
        } catch (LockException e) {
            failure = e;
            abandon();
            return true;
        } catch (Throwable e) {
            abandon();
            throw e;
        }
    }

    private void enterGate() {
        core.ensureOpen(key, start);
        Gate found = core.gates().find(key);
        if (found == null) {
            Gate made = core.gates().create(key, ask);
            found = core.gates().register(made);
            if (found == null) {
                inside(made);
                return;
            }
        }
        Hold mine = found.heldBy(owner);
        if (mine != null) {
            HeldLock again = mine.reenter(ask);
            if (again != null) {
                held = again;
                phase = Phase.OVER;
                return;
            }
        }
        if (found.isDead()) {
            core.gates().remove(found);
            return;
        }
        if (found.limit != ask.limit()) {
            throw Complaints.permitsDiffer(key, found.limit == Gate.ALL ? 1 : found.limit, ask.permits());
        }
        switch (found.tryEnter(ask.units(), ask.fair())) {
            case ENTERED -> inside(found);
            case DEAD -> core.gates().remove(found);
            case FULL -> lineUpAtGate(found);
        }
    }

    private void inside(Gate entered) {
        gate = entered;
        inGate = true;
        phase = Phase.INSIDE;
    }

    private void lineUpAtGate(Gate found) {
        if (deadline - core.now() <= 0) {
            busy(found);
            return;
        }
        Waiter mine = new Waiter(owner, ask, ask.units(), core.now(), sleeper);
        if (!found.enqueue(mine)) {
            core.gates().remove(found);
            return;
        }
        gate = found;
        waiter = mine;
        phase = Phase.GATE_QUEUE;
        if (!found.enterFromQueue(mine, core.now())) {
            core.waiting(key, ask);
            core.deadlocks().check(owner, found, mine);
        }
    }

    private void waitAtGate() {
        Gate at = known(gate);
        if (queueEnds(at)) {
            owner.waitingAt = null;
            waiter = null;
            if (phase != Phase.OVER) {
                inside(at);
            }
        }
    }

    /** Whether the wait in a gate's queue is over: inside, or given up with phase OVER. */
    private boolean queueEnds(Gate at) {
        Waiter mine = known(waiter);
        long now = core.now();
        if (at.enterFromQueue(mine, now)) {
            return true;
        }
        if (mine.status() == Waiter.GONE) {
            throw LockUnavailableException.closed(key, Duration.ofNanos(now - start));
        }
        if (deadline - now > 0) {
            nextLook = deadline;
            return false;
        }
        if (at.cancel(mine)) {
            waiter = null;
            busy(known(gate));
            abandon();
        }
        return true;
    }

    private void goToStore() {
        core.ensureOpen(key, start);
        Gate entered = known(gate);
        hold = new Hold(core, entered, owner, ask, core.now());
        LockStore store = core.store();
        if (store == null) {
            begin(Fences.next(key), null, false);
            return;
        }
        if (useParked(entered.storeSide())) {
            return;
        }
        if (ask.mode() == LockMode.EXCLUSIVE) {
            contest(store);
            return;
        }
        if (joinTogether(entered.storeSide())) {
            return;
        }
        Gate line = entered.storeSide().line;
        if (line.tryEnter(Gate.ALL, true) == Gate.Entry.ENTERED) {
            inLine = true;
            contest(store);
            return;
        }
        Waiter mine = new Waiter(owner, ask, Gate.ALL, core.now(), sleeper);
        line.enqueue(mine);
        waiter = mine;
        phase = Phase.LINE_QUEUE;
    }

    private void waitInLine() {
        Gate at = known(gate);
        StoreSide side = at.storeSide();
        if (joinTogether(side)) {
            leaveLineQueue(side);
            return;
        }
        if (!queueEnds(side.line) || phase == Phase.OVER) {
            return;
        }
        waiter = null;
        inLine = true;
        if (joinTogether(side)) {
            leaveLine();
            return;
        }
        contest(known(core.store()));
    }

    private void leaveLineQueue(StoreSide side) {
        Waiter mine = known(waiter);
        waiter = null;
        if (!side.line.cancel(mine)) {
            side.line.leave(Gate.ALL);
        }
    }

    private void leaveLine() {
        if (inLine) {
            inLine = false;
            known(gate).storeSide().line.leave(Gate.ALL);
        }
    }

    private boolean useParked(StoreSide side) {
        LiveGrant parked = side.takeParked();
        if (parked == null) {
            return false;
        }
        long fence = parked.suits(ask) ? parked.join(known(hold)) : LiveGrant.NONE;
        if (fence == LiveGrant.NONE) {
            core.giveBack(parked);
            return false;
        }
        if (ask.mode() == LockMode.SHARED) {
            side.shareTogether(parked);
        }
        begin(fence, parked, true);
        return true;
    }

    private boolean joinTogether(StoreSide side) {
        LiveGrant together = ask.mode() == LockMode.SHARED ? side.together() : null;
        if (together == null || !together.suits(ask) || !together.mayPass(core.now(), core.longestHandOver())) {
            return false;
        }
        long fence = together.join(known(hold));
        if (fence == LiveGrant.NONE) {
            return false;
        }
        begin(fence, together, true);
        return true;
    }

    private void contest(LockStore store) {
        contest = new Contest(core, store, key, ask, owner, deadline, sleeper);
        phase = Phase.STORE;
    }

    private void contend() {
        core.ensureOpen(key, start);
        Contest running = known(contest);
        if (!running.look()) {
            nextLook = running.nextLook();
            core.contestWaits(this);
            return;
        }
        contest = null;
        LiveGrant won = running.won();
        if (won == null) {
            failure = running.failure();
            holder = running.holder();
            abandon();
            return;
        }
        long fence = won.join(known(hold));
        if (fence == LiveGrant.NONE) {
            contest(known(core.store())); // lost before it could be used
            return;
        }
        if (ask.mode() == LockMode.SHARED) {
            known(gate).storeSide().shareTogether(won);
        }
        leaveLine();
        begin(fence, won, false);
    }

    private void begin(long fence, @Nullable LiveGrant live, boolean handedOver) {
        Hold mine = known(hold);
        mine.begin(fence, live, handedOver);
        held = mine;
        inGate = false;
        phase = Phase.OVER;
        core.contestEnded(this);
        core.acquired(mine, start);
    }

    private void busy(Gate at) {
        long now = core.now();
        for (Hold other : at.holds()) {
            holder = other.describe(now);
        }
        phase = Phase.OVER;
    }

    /** Gives up wherever it stands; nothing is left behind. */
    void abandon() {
        Contest running = contest;
        if (running != null) {
            contest = null;
            running.abandon();
        }
        core.contestEnded(this);
        owner.waitingAt = null;
        Gate at = gate;
        if (at != null) {
            leaveQueues(at);
            leaveLine();
            if (inGate) {
                inGate = false;
                at.leave(ask.units());
            }
            core.giveBackOrphan(at);
        }
        phase = Phase.OVER;
        HeldLock mine = held;
        if (mine != null) {
            held = null;
            mine.close();
        }
    }

    private void leaveQueues(Gate at) {
        Waiter queued = waiter;
        if (queued == null) {
            return;
        }
        if (phase == Phase.LINE_QUEUE) {
            leaveLineQueue(at.storeSide());
        } else {
            waiter = null;
            inGate = !at.cancel(queued);
        }
    }

    boolean needsStore() {
        return needsStore;
    }

    @Nullable
    HeldLock held() {
        return held;
    }

    @Nullable
    LockException failure() {
        return failure;
    }

    /** The failure, or that the lock was busy. */
    LockException whyNot() {
        LockException why = failure;
        return why != null ? why : LockUnavailableException.busy(key, waited(), holder);
    }

    Duration waited() {
        return Duration.ofNanos(core.now() - start);
    }

    @Nullable
    LockHolder holder() {
        return holder;
    }

    LockKey key() {
        return key;
    }

    LockMode mode() {
        return ask.mode();
    }

    /** Makes the driver look again. */
    void wake() {
        sleeper.wake();
    }

    /** Who asks, and since when. */
    LockWaiter describe(long now) {
        return new LockWaiter(owner.place(), ask.mode(), Duration.ofNanos(now - start));
    }

    /** When to advance at the latest, unless woken before. */
    long nextLook() {
        return nextLook;
    }

    /** Reports how it ended without a lock. */
    void reportUnavailable(@Nullable Throwable why) {
        core.events().fire(LockEvent.Type.UNAVAILABLE, key, ask.mode(), core.now() - start, 0, false, why, "");
    }

    private static <T> T known(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the acquisition is in a phase that lacks a part of it");
        }
        return part;
    }
}
