package io.lockweave.engine;

import io.lockweave.LockEvent;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockUnavailableException;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockBackend;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.TimeSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the parts of one engine share, and what they do to the store. */
final class Core {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    /** How many fences a grant brings, and so how often it can change hands here before the store is asked again. */
    private static final int STRIDE = 1_000;

    /** How long a grant may change hands here before other JVMs get their turn. */
    private static final long LONGEST_HAND_OVER = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int IO_THREADS = 8;
    private static final int CALL_BACK_THREADS = 4;

    private final LockBackend backend;
    private final @Nullable LockStore store;
    private final EngineSettings settings;
    private final TimeSource time;
    private final Gates gates = new Gates();
    private final Timers timers;
    private final CoarseClock coarseClock;
    private final @Nullable Keeper keeper;
    private final Events events;
    private final Deadlocks deadlocks;
    private final LockOrder order;
    private final ThreadPoolExecutor io = Threads.pool("lockweave-io", IO_THREADS);
    private final ThreadPoolExecutor callBacks = Threads.pool("lockweave-callback", CALL_BACK_THREADS);
    private final Set<Acquisition> contests = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Core(LockBackend backend, EngineSettings settings) {
        this.backend = backend;
        this.store = backend instanceof LockStore known ? known : null;
        this.settings = settings;
        this.time = settings.timeSource();
        this.timers = new Timers(time);
        this.coarseClock = new CoarseClock(time, timers);
        this.events = new Events(settings.listeners(), backend.name());
        this.deadlocks = new Deadlocks(settings.detectDeadlocks());
        this.order = new LockOrder(settings.recordOrder());
        this.keeper = store == null ? null : new Keeper(store, this, timers);
    }

    // ---- before and while a claim is under way

    boolean isClosed() {
        return closed;
    }

    void ensureOpen(LockKey key, long start) {
        if (closed) {
            throw LockUnavailableException.closed(key, Duration.ofNanos(now() - start));
        }
    }

    Claim claim(LockKey key, Ask ask, Owner owner) {
        return new Claim(
                full(key),
                ask.mode(),
                ask.permits(),
                ask.fair(),
                Tokens.next(),
                Duration.ofNanos(ask.leaseNanos()),
                settings.handOver() ? STRIDE : 1,
                ask.waitNanos() > 0,
                owner.place());
    }

    /** The key with its namespace filled in. */
    LockKey full(LockKey key) {
        return key.namespace().isEmpty() ? key.in(settings.namespace()) : key;
    }

    /** The same claim with a new owner token, after the one before was given up. */
    Claim claimAgain(Claim claim) {
        return new Claim(
                claim.key(),
                claim.mode(),
                claim.permits(),
                claim.fair(),
                Tokens.next(),
                claim.lease(),
                claim.fences(),
                claim.willWait(),
                claim.place());
    }

    void waiting(LockKey key, Ask ask) {
        events.fire(LockEvent.Type.WAITING, key, ask.mode(), 0, 0, false, null, "");
    }

    void contestWaits(Acquisition acquisition) {
        contests.add(acquisition);
    }

    void contestEnded(Acquisition acquisition) {
        if (store != null) {
            contests.remove(acquisition);
        }
    }

    Collection<Acquisition> contests() {
        return contests;
    }

    LiveGrant keep(Grant grant, Ask ask, long end, long firstLook) {
        LiveGrant live = new LiveGrant(grant, ask.leaseNanos(), ask.renew(), now(), end);
        known(keeper).keep(live, ask.renew() ? firstLook : end);
        return live;
    }

    void acquired(Hold hold, long start) {
        order.acquired(hold);
        if (events.heard()) {
            hold.firedAcquired(hold.since() - start);
        }
    }

    // ---- the end of a hold

    /** The last handle of a hold was closed. */
    void leave(Hold hold) {
        hold.cancelLeaseEnd();
        hold.owner().holdEnded();
        order.released(hold);
        LiveGrant live = hold.live();
        if (live == null) {
            leaveLocally(hold);
        } else {
            new StoreLeave(this, known(store), known(keeper), hold, live).run();
        }
    }

    private void leaveLocally(Hold hold) {
        Gate gate = hold.gate();
        long least = hold.ask().holdAtLeastNanos();
        if (least > 0 && hold.since() + least - now() > 0) {
            timers.at(hold.since() + least, () -> {
                gate.dismiss(hold);
                gate.leave(hold.units());
            });
        } else {
            gate.dismiss(hold);
            gate.leave(hold.units());
        }
        hold.fire(LockEvent.Type.RELEASED, null, "");
    }

    /** A hold was lost while its owner still has it: others of this JVM may try from now on. */
    void leaveLost(Hold hold, String why) {
        hold.cancelLeaseEnd();
        hold.owner().holdEnded();
        order.released(hold);
        hold.gate().dismiss(hold);
        hold.gate().leave(hold.units());
        reportLost(hold, why);
    }

    void reportLost(Hold hold, String why) {
        if (!closed) {
            LOG.log(
                    Level.WARNING,
                    "Lock " + hold.key() + " (fence " + hold.fence() + ", held by " + hold.owner() + ") was lost: "
                            + why + ". Another holder may enter while its work goes on.");
        }
        callBack(() -> {
            hold.fire(LockEvent.Type.LOST, hold.lostException(), why);
            hold.runLossActions();
        });
    }

    void runLossAction(Hold hold, Consumer<LockLostException> action) {
        callBack(() -> {
            try {
                action.accept(hold.lostException());
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "An onLost action of lock " + hold.key() + " failed", e);
            }
        });
    }

    // ---- what is given back without a hold

    /** Takes back whatever the store has granted to or queued for a claim, soon and on another thread. */
    void withdraw(Claim claim) {
        LockStore asked = known(store);
        io(() -> {
            try {
                asked.withdraw(claim);
            } catch (RuntimeException e) {
                LOG.log(
                        Level.WARNING,
                        "Withdrawing a claim on lock " + claim.key()
                                + " failed; if it was granted, it ends with its lease" + " of "
                                + claim.lease().toMillis() + " ms",
                        e);
            }
        });
    }

    /** Releases a grant that nobody uses. */
    void giveBack(LiveGrant live) {
        if (live.endIfUnused()) {
            known(keeper).forget(live);
            withdraw(live.grant().claim());
        }
    }

    /** Releases a grant that was left for waiters who all went away. */
    void giveBackOrphan(Gate gate) {
        StoreSide side = gate.knownStoreSide();
        if (side != null && !gate.hasQueue()) {
            LiveGrant parked = side.takeParked();
            if (parked != null) {
                giveBack(parked);
            }
        }
    }

    /** Loses every hold of this JVM on the gate's key. */
    void loseAll(Gate gate, String why) {
        giveBackParked(gate);
        for (Hold hold : gate.holds()) {
            LiveGrant live = hold.live();
            if (live == null) {
                hold.lose(why);
            } else {
                known(keeper).forget(live);
                live.lose(why);
            }
        }
    }

    private void giveBackParked(Gate gate) {
        StoreSide side = gate.knownStoreSide();
        LiveGrant parked = side == null ? null : side.takeParked();
        if (parked != null) {
            giveBack(parked);
        }
    }

    // ---- threads and time

    /** Runs something that asks the store. */
    void io(Runnable work) {
        execute(io, work);
    }

    /** Runs something that may run foreign code. */
    void callBack(Runnable work) {
        execute(callBacks, work);
    }

    private static void execute(Executor pool, Runnable work) {
        try {
            pool.execute(work);
        } catch (RejectedExecutionException e) {
            work.run(); // closed in the meantime: what is left is done by who asks for it
        }
    }

    long now() {
        return time.nanoTime();
    }

    /** When a hold that begins now says it began: exact only if something depends on it. */
    long beginning(Ask ask) {
        boolean counts = events.heard() || !ask.renew() || ask.holdAtLeastNanos() > 0;
        return counts ? now() : coarseClock.now();
    }

    long longestHandOver() {
        return LONGEST_HAND_OVER;
    }

    /** A duration in nanoseconds; what is longer than the clock can count is cut. */
    static long nanos(Duration duration) {
        return duration.compareTo(Duration.ofDays(36_500)) > 0 ? Long.MAX_VALUE / 4 : duration.toNanos();
    }

    void close() {
        closed = true;
        for (Gate gate : gates.all()) {
            endWaits(gate);
        }
        contests.forEach(Acquisition::wake);
        long held = gates.all().stream().mapToLong(gate -> gate.holds().size()).sum();
        if (held > 0) {
            LOG.log(
                    Level.WARNING,
                    "The locks of backend " + backend.name() + " are closed while " + held
                            + " are held; they are released." + " End the work under them first.");
        }
        for (Gate gate : gates.all()) {
            releaseHolds(gate);
        }
        timers.close();
        Threads.stop(io);
        if (keeper != null) {
            keeper.close();
        }
        Threads.stop(callBacks);
        backend.close();
    }

    private static void endWaits(Gate gate) {
        StoreSide side = gate.knownStoreSide();
        if (side != null) {
            endWaits(side.line);
        }
        for (Waiter waiter : gate.waiters()) {
            if (gate.cancel(waiter)) {
                waiter.wake();
            }
        }
    }

    private void releaseHolds(Gate gate) {
        for (Hold hold : gate.holds()) {
            LiveGrant live = hold.live();
            if (live != null) {
                withdraw(live.grant().claim());
            }
        }
        loseAll(gate, "the locks were closed");
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
