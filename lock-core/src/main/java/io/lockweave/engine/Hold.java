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
final class Hold extends HoldState implements HeldLock, LeasedGrant.User {

    private static final VarHandle ACTIONS;

    static {
        try {
            ACTIONS = MethodHandles.lookup().findVarHandle(Hold.class, "lossActions", LossActions.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The engine that a hold is part of. */
    abstract static class Home {

        /** A field that is read without a call: whoever needs it may have no stack left. */
        final Leftovers leftovers;

        Home(Leftovers leftovers) {
            this.leftovers = leftovers;
        }

        abstract long now();

        abstract Timers timers();

        abstract EventPublisher events();

        abstract Workers workers();

        /** How long a hold may last. */
        abstract MaxHold maxHold();

        /** Its owner counts it no more. */
        abstract void uncount(Hold hold);

        /** The last handle was closed; the rest may be done together with others. May be repeated. */
        abstract void leave(Hold hold, @Nullable JointRelease together);

        /** Makes room for others in the gate of a hold that has ended. May be repeated. */
        abstract void vacate(Hold hold);

        /** A hold that nobody has got yet ends. May be repeated. */
        abstract void undo(Hold hold);

        /** It was lost while its owner still has it: others of this JVM may try from now on. May be repeated. */
        abstract void leaveLost(Hold hold, String why);

        /** Runs an action of a hold that was lost. */
        abstract void runLossAction(Hold hold, Consumer<LockLostException> action);

        /** Goes on, on a worker, with giving something back that failed half-way. */
        abstract void finish(Runnable rest);
    }

    final Home home;
    private final Gate gate;
    private final Owner owner;
    private final ResolvedOptions options;
    private final long since;
    private long fence;
    private @Nullable LeasedGrant live;
    private boolean handedOver;

    /** Ends a hold that no store ends: one that nobody renews, or one that is kept. */
    private Timers.@Nullable Timer end;

    private volatile @Nullable LossActions lossActions;

    Hold(Home home, Gate gate, Owner owner, ResolvedOptions options, long since) {
        this.home = home;
        this.gate = gate;
        this.owner = owner;
        this.options = options;
        this.since = since;
    }

    /**
     * Gives it its fence, and the store's grant if there is one; before anybody else sees it. If it fails, {@link
     * #takeBack} or {@link #undo} has to follow.
     */
    @Override
    public void begin(long fence, @Nullable LeasedGrant live, boolean handedOver) {
        this.fence = fence;
        this.live = live;
        this.handedOver = handedOver;
        stage = INSIDE;
        owner.holdBegan();
        stage = COUNTED;
        gate.admit(this);
        if (live == null && !options.renew()) {
            end = home.timers().at(deadline(), () -> lose("its lease ended"));
        } else if (live == null && home.maxHold().isSet()) {
            end = home.timers()
                    .at(
                            since + home.maxHold().nanos(),
                            () -> lose(home.maxHold().exceeded()));
        }
        stage = BEGUN;
    }

    /** Takes its beginning back, but for the gate, if that failed half-way. May be repeated. */
    void takeBack() {
        endAsGivenBack();
        if (stage == COUNTED) {
            gate.dismiss(this);
            home.uncount(this);
        }
    }

    /** It ends before anybody has got it. May be repeated after a failure half-way. */
    void undo() {
        endAsGivenBack();
        home.undo(this);
    }

    @Override
    void finish() {
        if (stage < BEGUN) {
            undo();
        } else if (isLost()) {
            home.leaveLost(this, whyLost());
        } else {
            home.finish(this::finishClosing);
        }
    }

    private void finishClosing() {
        if (isToBeClosed) {
            closeFirst(null);
            isToBeClosed = false;
        }
        if (isGivenBack() && isUnfinished()) {
            home.leave(this, null);
        }
    }

    /** No lease end has to be waited for any more. */
    void cancelLeaseEnd() {
        if (end != null) {
            end.cancel();
        }
    }

    /** Keeps it from others until that time although its owner has given it back. */
    void keepUntil(long time) {
        endAsKept();
        end = home.timers().at(time, this::endKeeping);
    }

    /** Lets others have what was kept from them. Does nothing if it is not kept. */
    void endKeeping() {
        if (keptNoLonger()) {
            cancelLeaseEnd();
            home.vacate(this);
        }
    }

    /** Counts another entry of its owner; false if the hold has just ended. */
    boolean enterAgain(ResolvedOptions again) {
        if (again.mode() == LockMode.EXCLUSIVE && options.mode() == LockMode.SHARED) {
            throw new LockUsageException(
                    "Lock " + gate.fullKey() + " is held shared by " + owner + ", which asks for it exclusively",
                    "close the shared hold before, or take the exclusive one from the start; upgrading would wait for"
                            + " itself");
        }
        if (again.mode() != options.mode() && (again.mode() == LockMode.PERMIT || options.mode() == LockMode.PERMIT)) {
            throw UsageErrors.permitsDiffer(gate.fullKey(), options.permits(), again.permits());
        }
        return addEntry();
    }

    @Override
    public void close() {
        close(null);
    }

    /** Closes it; what is left to do in the store may be done together with others. */
    void close(@Nullable JointRelease together) {
        boolean over = false;
        try {
            closeFirst(together);
            over = true;
        } finally {
            if (!over && !isLeftToOthers && (stage < FOLLOWED_UP || givesBack)) {
                isToBeClosed = true;
                Leftovers leftovers = home.leftovers;
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

    private void closeFirst(@Nullable JointRelease together) {
        Closing closing = closeFirstHandle();
        if (closing == Closing.LAST) {
            home.leave(this, together);
        } else if (closing == Closing.OTHERS_STAY) {
            forgetFirst();
        }
    }

    private void forgetFirst() {
        LossActions actions = lossActions;
        if (actions != null) {
            actions.forgetFirst();
        }
    }

    /** Whether only a thread that has ended could give it back: it was entered through views alone. */
    @Override
    public boolean isAbandoned() {
        return isOpen() && owner.isDeadThread() && hasOnlyViewEntries();
    }

    /** All entries have ended. May be repeated after a failure half-way. */
    void leave() {
        if (isUnfinished()) {
            home.leave(this, null);
        }
    }

    /** Ends the hold as lost, tells its owner, and lets others here try. Does nothing if it has ended. */
    @Override
    public void lose(String why) {
        if (endAsLost(why)) {
            home.leaveLost(this, why);
        }
    }

    /** Runs the loss actions not run yet. */
    void runLossActions() {
        LossActions actions = lossActions;
        if (actions != null) {
            actions.run(action -> home.runLossAction(this, action));
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
        if (isLost()) {
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
        if (live == null && options.renew()) {
            return LockOptions.FOREVER;
        }
        long left = deadline() - home.now();
        return left <= 0 ? Duration.ZERO : Duration.ofNanos(left);
    }

    private long deadline() {
        return live == null ? since + options.leaseNanos() : live.deadline();
    }

    @Override
    public boolean isHeld() {
        return !remaining().isZero();
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

    Gate gate() {
        return gate;
    }

    Owner owner() {
        return owner;
    }

    ResolvedOptions options() {
        return options;
    }

    int units() {
        return options.units();
    }

    long since() {
        return since;
    }

    @Nullable
    LeasedGrant live() {
        return live;
    }

    LockHolder describe(long now) {
        LeasedGrant grant = live;
        String token = grant == null
                ? Integer.toHexString(System.identityHashCode(this))
                : grant.grant().owner();
        Duration left = grant == null && options.renew() ? null : Duration.ofNanos(Math.max(0, deadline() - now));
        return new LockHolder(
                token, owner.place(), options.mode(), fence, Duration.ofNanos(Math.max(0, now - since)), left);
    }

    /** Tells an event of this hold, with how long it has lasted. */
    void fire(LockEvent.Type type, @Nullable Throwable failure, String detail) {
        if (home.events().heard()) {
            fire(type, home.now() - since, failure, detail);
        }
    }

    void fire(LockEvent.Type type, long nanos, @Nullable Throwable failure, String detail) {
        EventPublisher.Subject subject = new EventPublisher.Subject(key(), options.mode(), fence, handedOver);
        home.events().fire(type, subject, nanos, failure, detail);
    }

    @Override
    public String toString() {
        String end = isOpen() ? "" : isLost() ? ", lost" : ", released";
        return "HeldLock[" + gate.fullKey() + ", fence " + fence + end + "]";
    }
}
