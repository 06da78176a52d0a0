package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockInfo;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockOutage;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.spi.LockBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import org.jspecify.annotations.Nullable;

/** {@link Locks} on any backend. */
public final class LockEngine implements Locks {

    private final Core core;
    private final Asks asks;
    private final Submissions submissions;
    private final AtomicBoolean open = new AtomicBoolean(true);

    /** Takes the backend into use. */
    public LockEngine(LockBackend backend, EngineSettings settings) {
        this(backend, settings, Threads::daemon);
    }

    /** As above, with another way to make threads; what it makes need not have a name. */
    LockEngine(LockBackend backend, EngineSettings settings, ThreadFactory maker) {
        Classes.ensureSetUp();
        Threads threads = new Threads(maker);
        this.core = new Core(backend, settings, threads);
        this.asks = new Asks(core);
        this.submissions = new Submissions(this, threads);
        HeldHere.opened(this);
        core.log().started(backend, settings);
    }

    @Override
    public String backend() {
        return core.backend().name();
    }

    @Override
    public void check(LockOptions options) {
        asks.check(options);
    }

    @Override
    public HeldLock acquire(LockKey asked, LockOptions options) {
        return acquire(asked, options, Owner.current());
    }

    /** Has the end of a hold wait for the store, whatever was asked for; does nothing to other locks. */
    public static void awaitRelease(HeldLock held) {
        for (HeldLock part : held.parts()) {
            if (part instanceof Hold hold) {
                hold.isReleaseAwaited = true;
            } else if (part instanceof Reentry again) {
                again.hold().isReleaseAwaited = true;
            }
        }
    }

    private HeldLock acquire(LockKey asked, LockOptions options, Owner owner) {
        LockKey key = core.namespace().local(asked);
        Ask ask = asks.of(key, options);
        HeldLock held = atOnce(key, ask, owner);
        if (held != null) {
            return held;
        }
        long start = core.now();
        return acquireOrThrow(key, ask, owner, start, ask.deadline(start));
    }

    @Override
    public Optional<HeldLock> tryAcquire(LockKey asked, LockOptions options) {
        LockKey key = core.namespace().local(asked);
        Ask ask = asks.of(key, options);
        Owner owner = Owner.current();
        HeldLock held = atOnce(key, ask, owner);
        if (held != null) {
            return Optional.of(held);
        }
        long start = core.now();
        Acquisition acquisition = block(key, ask, owner, start, ask.deadline(start));
        HeldLock late = acquisition.held();
        if (late == null && acquisition.failure() != null) {
            throw acquisition.whyNot();
        }
        return Optional.ofNullable(late);
    }

    /**
     * The whole way for a lock that is free, kept in this JVM and not yet held by the owner: no waiting side is set up.
     */
    private @Nullable HeldLock atOnce(LockKey key, Ask ask, Owner owner) {
        if (core.store() != null || core.isDraining()) {
            return null;
        }
        Gate known = core.gates().find(key);
        if (known != null && (known.limit != ask.limit() || known.heldBy(owner) != null)) {
            return null;
        }
        Gate gate = known == null ? core.gates().create(key, ask) : known;
        long now = core.beginning(ask);
        Hold hold = new Hold(core, gate, owner, ask, now);
        boolean over = false;
        try {
            boolean entered = known == null ? register(hold) : gate.tryEnter(hold) == Gate.Entry.ENTERED;
            if (entered) {
                hold.begin(gate.fence(ask.units()), null, false);
                core.acquired(hold, now);
                if (core.isClosed()) {
                    hold.close();
                    entered = false;
                }
            }
            over = true;
            return entered ? hold : null;
        } catch (Throwable e) {
            hold.undo();
            over = true;
            throw e;
        } finally {
            if (!over) {
                Leftovers leftovers = core.leftovers;
                synchronized (leftovers) {
                    if (!hold.isLeft) {
                        hold.isLeft = true;
                        hold.next = leftovers.first;
                        leftovers.first = hold;
                    }
                }
            }
        }
    }

    /** Brings in a new gate, which the hold is inside of from the start; false if there is one already. */
    private boolean register(Hold hold) {
        hold.stage = Hold.INSIDE;
        if (core.gates().register(hold.gate()) == null) {
            return true;
        }
        hold.stage = Hold.FRESH;
        return false;
    }

    private HeldLock acquireOrThrow(LockKey key, Ask ask, Owner owner, long start, long deadline) {
        Acquisition acquisition = block(key, ask, owner, start, deadline);
        HeldLock held = acquisition.held();
        if (held == null) {
            throw acquisition.whyNot();
        }
        return held;
    }

    private Acquisition block(LockKey key, Ask ask, Owner owner, long start, long deadline) {
        Stack.ensureSome();
        BlockedThread driver = new BlockedThread();
        Acquisition acquisition = new Acquisition(new Request(core, key, ask, owner, start, deadline, driver));
        try {
            driver.await(core, acquisition, true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LockUnavailableException why = LockUnavailableException.interrupted(
                    core.namespace().full(key), acquisition.waited(), acquisition.holder(), e);
            acquisition.reportUnavailable(why);
            throw why;
        }
        if (acquisition.held() == null) {
            acquisition.reportUnavailable(acquisition.failure());
        }
        return acquisition;
    }

    @Override
    public HeldLock acquireAll(Collection<LockKey> keys, LockOptions options) {
        List<LockKey> ordered = ordered(keys);
        if (ordered.size() == 1) {
            return acquire(ordered.get(0), options);
        }
        Ask ask = asks.of(ordered.get(0), options);
        Owner owner = Owner.current();
        long start = core.now();
        long deadline = ask.deadline(start);
        JointEntry joint = Thread.currentThread().isInterrupted()
                ? null
                : JointEntry.enter(core, ordered, ask, owner, start, deadline);
        HeldLock all = joint == null ? null : joint.take();
        if (all != null) {
            return all;
        }
        List<HeldLock> held = new ArrayList<>(ordered.size());
        try {
            for (LockKey key : ordered) {
                HeldLock free = atOnce(key, ask, owner);
                held.add(free != null ? free : acquireOrThrow(key, ask, owner, start, deadline));
            }
        } catch (Throwable e) {
            closeInto(held, e);
            throw e;
        }
        return new HeldTogether(held);
    }

    /** Closes what was taken; a failure to do so is suppressed into the reason. */
    static void closeInto(List<? extends HeldLock> held, Throwable reason) {
        try {
            HeldTogether.closeAll(held);
        } catch (Throwable e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    public CompletableFuture<HeldLock> acquireAllAsync(Collection<LockKey> keys, LockOptions options) {
        List<LockKey> ordered = ordered(keys);
        return new AsyncTogether(core, ordered, asks.of(ordered.get(0), options), Owner.current()).begin();
    }

    /** As {@link #acquireAllAsync}, for this owner, and never passing those who came before it in this JVM. */
    CompletableFuture<HeldLock> acquireInTurn(Collection<LockKey> keys, LockOptions options, Owner owner) {
        List<LockKey> ordered = ordered(keys);
        Ask ask = asks.of(ordered.get(0), options).inItsTurn();
        return new AsyncTogether(core, ordered, ask, owner).begin();
    }

    @Override
    public <T> T call(LockKey key, LockOptions options, Callable<T> task) throws Exception {
        Owner caller = Owner.current();
        if (caller.isThread()) {
            return Guarded.call(acquire(key, options, caller), task);
        }
        Owner own = caller.nested("call under " + core.namespace().full(key));
        Owner before = Owner.bind(own);
        try {
            return Guarded.call(acquire(key, options, own), task);
        } finally {
            Owner.restore(before);
        }
    }

    @Override
    public void run(LockKey key, LockOptions options, Runnable task) {
        Owner caller = Owner.current();
        if (caller.isThread()) {
            Guarded.run(acquire(key, options, caller), task);
            return;
        }
        Owner own = caller.nested("run under " + core.namespace().full(key));
        Owner before = Owner.bind(own);
        try {
            Guarded.run(acquire(key, options, own), task);
        } finally {
            Owner.restore(before);
        }
    }

    @Override
    public <T> CompletableFuture<T> submit(Collection<LockKey> keys, LockOptions options, Callable<T> task) {
        return submissions.submit(List.copyOf(keys), options, task);
    }

    @Override
    public Lock asLock(LockKey key) {
        return new LockView(this, core.namespace().local(key), asks.of(key, LockOptions.defaults()), true);
    }

    @Override
    public ReadWriteLock asReadWriteLock(LockKey key) {
        return new ReadWriteLockView(
                new LockView(
                        this,
                        core.namespace().local(key),
                        asks.of(key, LockOptions.defaults().shared()),
                        false),
                asLock(key));
    }

    @Override
    public Optional<LockOutage> outage() {
        return core.breaker().outage(core.now());
    }

    @Override
    public LockInfo inspect(LockKey key) {
        return new Inspection(core).of(core.namespace().local(key));
    }

    @Override
    public List<LockInfo> inspect() {
        return new Inspection(core).all();
    }

    @Override
    public boolean forceRelease(LockKey key) {
        Stack.ensureForStore();
        Gate gate = core.gates().find(core.namespace().local(key));
        boolean heldHere = gate != null && !gate.holds().isEmpty();
        if (gate != null) {
            core.loseAll(gate, "it was released by force", false);
        }
        boolean heldInStore = core.store() != null
                && core.store().forceRelease(core.namespace().full(key));
        return heldHere || heldInStore;
    }

    @Override
    public CompletableFuture<Boolean> drain(Duration acceptTime, Duration holdTime) {
        return core.drain(acceptTime, holdTime, Owner.current());
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            submissions.close();
            core.close();
            HeldHere.closed(this);
        }
    }

    Core core() {
        return core;
    }

    /** The owner's hold of a key as gates know it, or null. */
    @Nullable
    Hold heldBy(Owner owner, LockKey key) {
        Gate gate = core.gates().find(key);
        return gate == null ? null : gate.heldBy(owner);
    }

    private List<LockKey> ordered(Collection<LockKey> keys) {
        if (keys.isEmpty()) {
            throw new LockUsageException("No keys were given", "give at least one key, or do not ask for a lock");
        }
        if (keys.size() == 1) {
            return List.of(core.namespace().local(keys.iterator().next()));
        }
        Set<LockKey> sorted = new TreeSet<>(core.namespace().order());
        keys.forEach(key -> sorted.add(core.namespace().local(key)));
        return List.copyOf(sorted);
    }
}
