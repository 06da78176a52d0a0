package io.lockweave.engine;

import io.lockweave.LockEvent;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockBackend;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.TimeSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the parts of one engine share, and what they do to the store. */
final class Core {

    /** How often a claim that has entered is given the processor to say who it is. */
    private static final int MOST_LOOKS = 1_000;

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    private final LockBackend backend;
    private final @Nullable LockStore store;
    private final EngineSettings settings;
    private final long maxHoldNanos;
    private final TimeSource time;
    private final Namespace namespace;
    private final Gates gates;
    private final HandOverBound handOverBound = new HandOverBound();
    private final Tokens tokens = new Tokens();
    private final Timers timers;
    private final CoarseClock coarseClock;
    private final EventLog log;
    private final LongHolds longHolds;
    private final @Nullable Keeper keeper;
    private final Events events;
    private final Deadlocks deadlocks;
    private final LockOrder order;
    private final Workers workers;
    private final @Nullable Returns returns;
    private final @Nullable SentReleases sentReleases;

    /** A field that is read without a call: whoever needs it may have no stack left. */
    final Leftovers leftovers;

    private final Contenders contenders = new Contenders();
    private final Breaker breaker;
    private volatile boolean closed;

    /** How these locks end; null while they do not. */
    private volatile @Nullable Drain drain;

    Core(LockBackend backend, EngineSettings settings, Threads threads) {
        this.backend = backend;
        this.store = backend instanceof LockStore known ? known : null;
        this.settings = settings;
        this.namespace = new Namespace(settings.namespace());
        this.gates = new Gates(namespace);
        this.maxHoldNanos = settings.maxHoldTime() == null ? Nanos.ENDLESS : Nanos.of(settings.maxHoldTime());
        this.time = settings.timeSource();
        this.timers = new Timers(time, threads);
        this.workers = new Workers(timers, threads);
        this.log = new EventLog(namespace);
        this.events = new Events(settings.listeners(), backend.name(), log);
        this.coarseClock = new CoarseClock(time, timers, log::lookAtLevel);
        this.longHolds = new LongHolds(gates, log, workers::callBack, settings.longHold(), time.nanoTime());
        this.breaker = new Breaker(backend.name(), settings.failFastAfter(), workers::callBack);
        this.deadlocks = new Deadlocks(settings.detectDeadlocks());
        this.order = new LockOrder(settings.recordOrder());
        this.keeper = store == null ? null : new Keeper(store, this, timers, threads);
        this.leftovers = new Leftovers(timers, this::isAnythingAwaited);
        this.returns = store == null || keeper == null ? null : new Returns(this, store, keeper);
        this.sentReleases = store == null ? null : new SentReleases(this, store);
    }

    // ---- before and while a claim is under way

    boolean isClosed() {
        return closed;
    }

    /** Whether these locks have begun to end. */
    boolean isDraining() {
        return drain != null;
    }

    boolean isEndedBy(Drain one) {
        return drain == one;
    }

    /** Whether nothing is still to be given back or asked of the store. */
    boolean owesNothing() {
        return workers.isIoIdle() && (returns == null || returns.areDone());
    }

    /** Whether these locks are ending and take no new claims of this owner any more. */
    boolean refuses(Owner owner) {
        Drain known = drain;
        return known != null && known.refuses(owner);
    }

    CompletableFuture<Boolean> drain(Duration acceptTime, Duration holdTime, Owner caller) {
        Drain begun = new Drain(this, keeper, caller, Nanos.of(acceptTime), Nanos.of(holdTime));
        drain = begun;
        return begun.begin();
    }

    Claim claim(LockKey key, Ask ask, Owner owner) {
        return Claims.of(namespace.full(key), ask, owner, tokens.next(), settings.handOver());
    }

    /** The namespace of these locks. */
    Namespace namespace() {
        return namespace;
    }

    /** Looked at every now and then, as long as it is so. */
    private boolean isAnythingAwaited() {
        longHolds.look(now());
        log.lookAtLevel();
        return (keeper != null && keeper.keepsAny())
                || !contenders.isEmpty()
                || gates.all().stream().anyMatch(Gate::hasQueue);
    }

    /** Those of this JVM who wait for the store. */
    Contenders contenders() {
        return contenders;
    }

    /** Whether the store is known to be down. */
    Breaker breaker() {
        return breaker;
    }

    LiveGrant keep(Grant grant, Ask ask, long end, long firstLook) {
        LiveGrant live = new LiveGrant(grant, ask.leaseNanos(), ask.renew(), now(), end);
        known(keeper).keep(live, ask.renew() ? firstLook : end);
        leftovers.watch();
        return live;
    }

    void acquired(Hold hold, long start) {
        order.acquired(hold);
        if (events.heard()) {
            events.fire(
                    LockEvent.Type.ACQUIRED,
                    hold.key(),
                    hold.ask().mode(),
                    hold.since() - start,
                    hold.fence(),
                    hold.handedOver(),
                    null,
                    "");
        }
    }

    // ---- the end of a hold

    /** The last handle of a hold was closed. May be repeated after a failure half-way. */
    void leave(Hold hold) {
        leave(hold, null);
    }

    /** As above; what is left to do in the store may be done together with others. */
    void leave(Hold hold, @Nullable JointLeave together) {
        uncount(hold);
        LiveGrant live = hold.live();
        if (live == null) {
            leaveLocally(hold);
        } else {
            new StoreLeave(this, known(store), known(keeper), hold, live).run(together);
        }
    }

    void uncount(Hold hold) {
        if (hold.stage == Hold.COUNTED || hold.stage == Hold.BEGUN) {
            hold.cancelLeaseEnd();
            hold.owner().holdEnded();
            hold.stage = Hold.UNCOUNTED;
            order.released(hold);
        }
    }

    private void leaveLocally(Hold hold) {
        long least = hold.ask().holdAtLeastNanos();
        if (least > 0 && hold.since() + least - now() > 0) {
            hold.keepUntil(hold.since() + least);
        } else {
            vacate(hold);
        }
        hold.fire(LockEvent.Type.RELEASED, null, "");
    }

    /** Makes room for others in the gate of a hold that has ended. */
    void vacate(Hold hold) {
        if (hold.stage == Hold.OUT) {
            hold.gate().followUp();
        } else if (hold.stage != Hold.FRESH && !hold.isOut()) {
            hold.gate().dismiss(hold);
            hold.gate().leave(hold);
        }
        hold.stage = Hold.FOLLOWED_UP;
    }

    /** A hold was lost while its owner still has it: others of this JVM may try from now on. */
    void leaveLost(Hold hold, String why) {
        uncount(hold);
        vacate(hold);
        reportLost(hold, why);
    }

    /** A hold that nobody has got yet ends. May be repeated after a failure half-way. */
    void undo(Hold hold) {
        uncount(hold);
        vacate(hold);
    }

    /** Goes on, on a worker, with giving something back that failed half-way. */
    void finish(Runnable rest) {
        workers.giveBack(() -> workers.callBack(events.puttingOff(rest)));
    }

    void reportLost(Hold hold, String why) {
        boolean open = !closed;
        workers.loss(() -> {
            if (open) {
                LOG.log(
                        Level.WARNING,
                        "Lock " + namespace.full(hold.key()) + " (fence " + hold.fence() + ", held by " + hold.owner()
                                + ") was lost: " + why + ". Another holder may enter while its work goes on.");
            }
            hold.fire(LockEvent.Type.LOST, hold.lostException(), why);
            hold.runLossActions();
        });
    }

    void runLossAction(Hold hold, Consumer<LockLostException> action) {
        workers.loss(() -> {
            try {
                action.accept(hold.lostException());
            } catch (Throwable e) { // the other actions run all the same
                LOG.log(Level.WARNING, "An onLost action of lock " + namespace.full(hold.key()) + " failed", e);
            }
        });
    }

    // ---- what ends without its owner

    /** Releases a grant that was left for waiters who all went away. */
    void giveBackOrphan(Gate gate) {
        if (returns != null) {
            returns.giveBackOrphan(gate);
        }
    }

    /**
     * Loses every hold of this JVM on the gate's key.
     *
     * @param givesBack whether the store is told at once; of one look with the loss, so that no hold is lost untold
     */
    void loseAll(Gate gate, String why, boolean givesBack) {
        if (returns != null) {
            returns.giveBackParked(gate);
        }
        for (Hold hold : gate.holds()) {
            LiveGrant live = hold.live();
            if (live == null) {
                hold.endKeeping();
                hold.lose(why);
            } else {
                if (givesBack) {
                    returns().withdraw(live.grant().claim());
                }
                returns().lose(live, why);
            }
        }
    }

    // ---- threads and time

    long now() {
        return time.nanoTime();
    }

    /** When a hold that begins now says it began: exact only if something depends on it. */
    long beginning(Ask ask) {
        boolean counts = events.heard() || !ask.renew() || ask.holdAtLeastNanos() > 0;
        return counts ? now() : coarseClock.now();
    }

    EventLog log() {
        return log;
    }

    HandOverBound handOverBound() {
        return handOverBound;
    }

    /** How long a hold may last, or {@link Nanos#ENDLESS}. */
    long maxHoldNanos() {
        return maxHoldNanos;
    }

    /** Why a hold that lasted longer was lost. */
    String heldTooLong() {
        return "it was held for longer than maxHoldTime = " + settings.maxHoldTime();
    }

    /** Ends the waiting of these owners. */
    void endWaits(Predicate<Owner> whose) {
        for (Gate gate : gates.all()) {
            StoreSide side = gate.knownStoreSide();
            if (side != null) {
                endWaits(side.line, whose);
            }
            endWaits(gate, whose);
        }
        contenders.wakeAll();
    }

    private static void endWaits(Gate gate, Predicate<Owner> whose) {
        for (Waiter waiter : gate.waiters()) {
            if (whose.test(waiter.owner) && gate.cancel(waiter)) {
                waiter.wake();
            }
        }
    }

    void close() {
        closed = true;
        Drain begun = drain;
        if (begun != null) {
            begun.end();
        }
        endWaits(owner -> true);
        long held = gates.all().stream().mapToLong(gate -> gate.holds().size()).sum();
        if (held > 0) {
            LOG.log(
                    Level.WARNING,
                    "The locks of backend " + backend.name() + " are closed while " + held
                            + " are held; they are " + (drain == null ? "released" : "left to their leases")
                            + ". End the work under them first.");
        }
        for (Gate gate : gates.all()) {
            awaitEntrants(gate);
            loseAll(gate, "the locks were closed", drain == null);
        }
        if (returns != null) {
            returns.close();
        }
        timers.close();
        workers.closeIo();
        if (keeper != null) {
            keeper.close();
        }
        workers.closeCallBacks();
        backend.close();
    }

    /**
     * A claim of the local backend enters a gate by one step and says who it is by the next, which its look whether
     * these locks are closed may overtake. So units without a holder are waited for: that claim is about to be seen, or
     * to leave. Whoever enters later sees that these locks are closed.
     */
    @SuppressWarnings("ThreadPriorityCheck") // the claim needs the processor for one step, and nothing else is awaited
    private void awaitEntrants(Gate gate) {
        for (int i = 0; store == null && i < MOST_LOOKS && gate.inside() > unitsOf(gate.holds()); i++) {
            Thread.yield();
        }
    }

    private static int unitsOf(List<Hold> holds) {
        return holds.stream().mapToInt(Hold::units).sum();
    }

    LockBackend backend() {
        return backend;
    }

    @Nullable
    LockStore store() {
        return store;
    }

    EngineSettings settings() {
        return settings;
    }

    TimeSource time() {
        return time;
    }

    /** The threads for what callers must not wait for. */
    Workers workers() {
        return workers;
    }

    /** How grants are given back; only a backend with a store has any. */
    Returns returns() {
        return known(returns);
    }

    /** How grants are given back that nobody waits for; only a backend with a store has any. */
    SentReleases sentReleases() {
        return known(sentReleases);
    }

    /** The tokens of the claims on the store. */
    Tokens tokens() {
        return tokens;
    }

    Gates gates() {
        return gates;
    }

    Timers timers() {
        return timers;
    }

    Events events() {
        return events;
    }

    Deadlocks deadlocks() {
        return deadlocks;
    }

    private static <T> T known(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("a backend without a store was asked for what only a store does");
        }
        return part;
    }
}
