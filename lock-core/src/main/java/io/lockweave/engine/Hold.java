package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockEvent;
import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockMode;
import io.lockweave.LockOptions;
import io.lockweave.LockUsageException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One owner's lock on one key, with the number of times it was entered. It is itself the handle of the first entry; the
 * further ones are {@link Reentry}. The last handle closed releases it, in whatever order they are closed.
 */
final class Hold extends HoldProgress implements HeldLock {

    /** The first handle is still open. */
    private static final int FIRST = 1 << 30;

    private static final int LOST = -1;

    /** Given back by its owner, and kept from others for its least time. */
    private static final int KEPT = -2;

    private static final VarHandle STATE;
    private static final VarHandle ACTIONS;
    private static final VarHandle VIEWS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Hold.class, "state", int.class);
            ACTIONS = lookup.findVarHandle(Hold.class, "lossActions", LossActions.class);
            VIEWS = lookup.findVarHandle(Hold.class, "viewEntries", ViewEntries.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Core core;
    private final Gate gate;
    private final Owner owner;
    private final Ask ask;
    private final long since;
    private long fence;
    private @Nullable LiveGrant live;
    private boolean handedOver;

    /** Ends a hold that no store ends: one that nobody renews, or one that is kept. */
    private Timers.@Nullable Timer end;

    /** The number of open handles and {@link #FIRST}; 0 once released, {@link #LOST} or {@link #KEPT}. */
    private volatile int state;

    private volatile @Nullable String lossReason;
    private volatile @Nullable LossActions lossActions;

    /** Those of the entries that were made through views; made when there is the first of them. */
    private volatile @Nullable ViewEntries viewEntries;

    Hold(Core core, Gate gate, Owner owner, Ask ask, long since) {
        this.core = core;
        this.gate = gate;
        this.owner = owner;
        this.ask = ask;
        this.since = since;
        STATE.set(this, FIRST | 1); // nobody else sees it yet
    }

    /**
     * Gives it its fence, and the store's grant if there is one; before anybody else sees it. If it fails, {@link
     * #takeBack} or {@link #undo} has to follow.
     */
    void begin(long fence, @Nullable LiveGrant live, boolean handedOver) {
        this.fence = fence;
        this.live = live;
        this.handedOver = handedOver;
        stage = INSIDE;
        owner.holdBegan();
        stage = COUNTED;
        gate.admit(this);
        if (live == null && !ask.renew()) {
            end = core.timers().at(deadline(), () -> lose("its lease ended"));
        } else if (live == null && core.maxHoldNanos() != Nanos.ENDLESS) {
            end = core.timers().at(since + core.maxHoldNanos(), () -> lose(core.heldTooLong()));
        }
        stage = BEGUN;
    }

    /** Takes its beginning back, but for the gate, if that failed half-way. May be repeated. */
    void takeBack() {
        state = 0;
        if (stage == COUNTED) {
            gate.dismiss(this);
            core.uncount(this);
        }
    }

    /** It ends before anybody has got it. May be repeated after a failure half-way. */
    void undo() {
        state = 0;
        core.undo(this);
    }

    @Override
    void finish() {
        if (stage < BEGUN) {
            undo();
        } else if (isLost()) {
            core.leaveLost(this, whyLost());
        } else {
            core.finish(this::finishClosing);
        }
    }

    private void finishClosing() {
        if (isToBeClosed) {
            closeFirst(null);
            isToBeClosed = false;
        }
        if (isGivenBack() && isUnfinished()) {
            core.leave(this);
        }
    }

    /** No lease end has to be waited for any more. */
    void cancelLeaseEnd() {
        Timers.Timer timer = end;
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Keeps it from others until that time although its owner has given it back. */
    void keepUntil(long time) {
        state = KEPT;
        end = core.timers().at(time, this::endKeeping);
    }

    /** Lets others have what was kept from them. Does nothing if it is not kept. */
    void endKeeping() {
        if (STATE.compareAndSet(this, KEPT, 0)) {
            cancelLeaseEnd();
            core.vacate(this);
        }
    }

    /** Another handle for the same owner, or null if the hold has just ended. */
    @Nullable
    HeldLock reenter(Ask again) {
        if (again.mode() == LockMode.EXCLUSIVE && ask.mode() == LockMode.SHARED) {
            throw new LockUsageException(
                    "Lock " + gate.fullKey() + " is held shared by " + owner + ", which asks for it exclusively",
                    "close the shared hold before, or take the exclusive one from the start; upgrading would wait for"
                            + " itself");
        }
        if (again.mode() != ask.mode() && (again.mode() == LockMode.PERMIT || ask.mode() == LockMode.PERMIT)) {
            throw Complaints.permitsDiffer(gate.fullKey(), ask.permits(), again.permits());
        }
        Reentry handle = new Reentry(this); // before it counts
        while (true) {
            int s = state;
            if (s <= 0) {
                return null;
            }
            if (STATE.compareAndSet(this, s, s + 1)) {
                return handle;
            }
        }
    }

    @Override
    public void close() {
        close(null);
    }

    /** Closes it; what is left to do in the store may be done together with others. */
    void close(@Nullable JointLeave together) {
        boolean over = false;
        try {
            closeFirst(together);
            over = true;
        } finally {
            if (!over && !isLeftToOthers && (stage < FOLLOWED_UP || givesBack)) {
                isToBeClosed = true;
                Leftovers leftovers = core.leftovers;
                synchronized (leftovers) {
                    if (!isLeft) {
                        isLeft = true;
                        next = leftovers.first;
                        leftovers.first = this;
                    }
                }
            }
        }
    }

    private void closeFirst(@Nullable JointLeave together) {
        while (true) {
            int s = state;
            if (s <= 0 || (s & FIRST) == 0) {
                return;
            }
            int left = (s & ~FIRST) - 1;
            if (STATE.compareAndSet(this, s, left)) {
                if (left == 0) {
                    core.leave(this, together);
                } else {
                    forgetFirst();
                }
                return;
            }
        }
    }

    private void forgetFirst() {
        LossActions actions = lossActions;
        if (actions != null) {
            actions.forgetFirst();
        }
    }

    /** The entries through views. */
    ViewEntries viewEntries() {
        ViewEntries known = viewEntries;
        if (known == null) {
            ViewEntries made = new ViewEntries();
            ViewEntries before = (ViewEntries) VIEWS.compareAndExchange(this, null, made);
            known = before == null ? made : before;
        }
        return known;
    }

    /** Counts an entry through a view out; false if there is none. */
    boolean endViewEntry(boolean write) {
        ViewEntries known = viewEntries;
        return known != null && known.end(write);
    }

    /** Whether it is entered through a view. */
    boolean isInView() {
        return ViewEntries.count(viewEntries) > 0;
    }

    /** Whether only a thread that has ended could give it back: it was entered through views alone. */
    boolean isAbandoned() {
        int entries = state;
        return entries > 0 && owner.isDeadThread() && entries == ViewEntries.count(viewEntries);
    }

    /** The first entry was made through a view: it has no handle that is closed, only entries that are counted. */
    void beginAsView() {
        while (true) {
            int s = state;
            if (s <= 0 || STATE.compareAndSet(this, s, s & ~FIRST)) {
                return;
            }
        }
    }

    /**
     * One entry that is not the first handle's ends; whoever made it calls this once. If true, it was the last one, and
     * {@link #leave} has to follow.
     */
    boolean leaveEntry() {
        while (true) {
            int s = state;
            if (s <= 0) {
                return false;
            }
            if (STATE.compareAndSet(this, s, s - 1)) {
                return s == 1;
            }
        }
    }

    /** All entries have ended. May be repeated after a failure half-way. */
    void leave() {
        if (isUnfinished()) {
            core.leave(this);
        }
    }

    /** Ends the hold as lost, tells its owner, and lets others here try. Does nothing if it has ended. */
    void lose(String why) {
        while (true) {
            int s = state;
            if (s <= 0) {
                return;
            }
            lossReason = why;
            if (STATE.compareAndSet(this, s, LOST)) {
                if (isInView()) {
                    owner.noteLost(this);
                }
                core.leaveLost(this, why);
                return;
            }
        }
    }

    /** The store said at release that it had been lost before. */
    void foundLost(String why) {
        lossReason = why;
        state = LOST;
    }

    /** Runs the loss actions not run yet. */
    void runLossActions() {
        LossActions actions = lossActions;
        if (actions != null) {
            actions.run(action -> core.runLossAction(this, action));
        }
    }

    @Override
    public void onLost(Consumer<LockLostException> action) {
        addLossAction(new LossActions.OfFirst(action));
        if (isOpen() && !isFirstOpen()) {
            forgetFirst();
        }
    }

    /** The action runs when the hold is lost, at once if it is. */
    void addLossAction(Consumer<LockLostException> action) {
        LossActions actions = lossActions;
        if (actions == null) {
            LossActions made = new LossActions();
            LossActions before = (LossActions) ACTIONS.compareAndExchange(this, null, made);
            actions = before == null ? made : before;
        }
        actions.add(action);
        if (state == LOST) {
            runLossActions();
        }
    }

    /** The action is not to run any more. */
    void forget(Consumer<LockLostException> action) {
        LossActions actions = lossActions;
        if (actions != null) {
            actions.forget(action);
        }
    }

    @Override
    public LockKey key() {
        return gate.key;
    }

    @Override
    public List<HeldLock> parts() {
        return List.of(this);
    }

    @Override
    public long fence() {
        return fence;
    }

    @Override
    public Duration remaining() {
        return isFirstOpen() ? remainingForAll() : Duration.ZERO;
    }

    /** How long it is good for, whichever of its handles are open. */
    Duration remainingForAll() {
        if (!isOpen()) {
            return Duration.ZERO;
        }
        if (live == null && ask.renew()) {
            return LockOptions.FOREVER;
        }
        long left = deadline() - core.now();
        return left <= 0 ? Duration.ZERO : Duration.ofNanos(left);
    }

    private long deadline() {
        return live == null ? since + ask.leaseNanos() : live.deadline();
    }

    @Override
    public boolean isHeld() {
        return !remaining().isZero();
    }

    @Override
    public boolean isLost() {
        return state == LOST;
    }

    @Override
    public void ensureHeld() {
        if (isLost()) {
            throw lostException();
        }
    }

    LockLostException lostException() {
        return new LockLostException(gate.fullKey(), fence, whyLost());
    }

    String whyLost() {
        String why = lossReason;
        return why == null ? "its lease ended" : why;
    }

    Gate gate() {
        return gate;
    }

    private boolean isFirstOpen() {
        int s = state;
        return s > 0 && (s & FIRST) != 0;
    }

    /** Whether its owner still has it: neither released nor lost. */
    boolean isOpen() {
        return state > 0;
    }

    /** Whether its owner has given it back. */
    boolean isGivenBack() {
        return state == 0 || state == KEPT;
    }

    Owner owner() {
        return owner;
    }

    Ask ask() {
        return ask;
    }

    int units() {
        return ask.units();
    }

    long since() {
        return since;
    }

    @Nullable
    LiveGrant live() {
        return live;
    }

    boolean handedOver() {
        return handedOver;
    }

    LockHolder describe(long now) {
        LiveGrant grant = live;
        String token = grant == null
                ? Integer.toHexString(System.identityHashCode(this))
                : grant.grant().owner();
        Duration left = grant == null && ask.renew() ? null : Duration.ofNanos(Math.max(0, deadline() - now));
        return new LockHolder(
                token, owner.place(), ask.mode(), fence, Duration.ofNanos(Math.max(0, now - since)), left);
    }

    void fire(LockEvent.Type type, @Nullable Throwable failure, String detail) {
        if (core.events().heard()) {
            core.events().fire(type, key(), ask.mode(), core.now() - since, fence, handedOver, failure, detail);
        }
    }

    @Override
    public String toString() {
        String end = isOpen() ? "" : isLost() ? ", lost" : ", released";
        return "HeldLock[" + gate.fullKey() + ", fence " + fence + end + "]";
    }
}
