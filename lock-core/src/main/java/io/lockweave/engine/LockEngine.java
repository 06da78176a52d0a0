package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockInfo;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.spi.Capability;
import io.lockweave.spi.LockBackend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import org.jspecify.annotations.Nullable;

/** {@link Locks} on any backend. */
public final class LockEngine implements Locks {

    private final Core core;
    private final Ask defaultAsk;
    private final Submissions submissions;
    private final AtomicBoolean open = new AtomicBoolean(true);

    /** Takes the backend into use. */
    public LockEngine(LockBackend backend, EngineSettings settings) {
        this.core = new Core(backend, settings);
        this.defaultAsk = settle(LockOptions.defaults());
        this.submissions = new Submissions(this);
    }

    @Override
    public String backend() {
        return core.backend().name();
    }

    @Override
    public void check(LockOptions options) {
        requireCapabilities("of any key", settle(options));
    }

    @Override
    public HeldLock acquire(LockKey key, LockOptions options) {
        Ask ask = ask(key, options);
        Owner owner = Owner.current();
        HeldLock held = atOnce(key, ask, owner);
        if (held != null) {
            return held;
        }
        long start = core.now();
        return acquireOrThrow(key, ask, owner, start, ask.deadline(start));
    }

    @Override
    public Optional<HeldLock> tryAcquire(LockKey key, LockOptions options) {
        Ask ask = ask(key, options);
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

    /** The whole way for a lock that is free, kept in this JVM and not yet held by the owner: no waiting side is set up. */
    private @Nullable HeldLock atOnce(LockKey key, Ask ask, Owner owner) {
        if (core.store() != null) {
            return null;
        }
        Gate gate = core.gates().find(key);
        if (gate == null) {
            gate = core.gates().create(key, ask);
            if (core.gates().register(gate) != null) {
                return null;
            }
        } else if (gate.limit != ask.limit()
                || gate.heldBy(owner) != null
                || gate.tryEnter(ask.units(), ask.fair()) != Gate.Entry.ENTERED) {
            return null;
        }
        long now = core.beginning(ask);
        if (core.isClosed()) {
            gate.leave(ask.units());
            return null;
        }
        Hold hold = new Hold(core, gate, owner, ask, now);
        hold.begin(Fences.next(key), null, false);
        core.acquired(hold, now);
        return hold;
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
        BlockedThread driver = new BlockedThread();
        Acquisition acquisition = new Acquisition(core, key, ask, owner, start, deadline, driver);
        try {
            driver.await(core, acquisition, true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LockUnavailableException why =
                    LockUnavailableException.interrupted(key, acquisition.waited(), acquisition.holder(), e);
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
        Ask ask = ask(ordered.get(0), options);
        Owner owner = Owner.current();
        long start = core.now();
        long deadline = ask.deadline(start);
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
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    public CompletableFuture<HeldLock> acquireAllAsync(Collection<LockKey> keys, LockOptions options) {
        List<LockKey> ordered = ordered(keys);
        Ask ask = ask(ordered.get(0), options);
        return new AsyncTogether(core, ordered, ask, Owner.current()).begin();
    }

    @Override
    public <T> T call(LockKey key, LockOptions options, Callable<T> task) throws Exception {
        return Guarded.call(acquire(key, options), task);
    }

    @Override
    public void run(LockKey key, LockOptions options, Runnable task) {
        Guarded.run(acquire(key, options), task);
    }

    @Override
    public <T> CompletableFuture<T> submit(Collection<LockKey> keys, LockOptions options, Callable<T> task) {
        return submissions.submit(ordered(keys), options, task);
    }

    @Override
    public Lock asLock(LockKey key) {
        return new LockView(this, key, ask(key, LockOptions.defaults()), true);
    }

    @Override
    public ReadWriteLock asReadWriteLock(LockKey key) {
        return new ReadWriteLockView(
                new LockView(this, key, ask(key, LockOptions.defaults().shared()), false), asLock(key));
    }

    @Override
    public LockInfo inspect(LockKey key) {
        return new Inspection(core).of(key);
    }

    @Override
    public List<LockInfo> inspect() {
        return new Inspection(core).all();
    }

    @Override
    public boolean forceRelease(LockKey key) {
        Gate gate = core.gates().find(key);
        boolean heldHere = gate != null && !gate.holds().isEmpty();
        if (gate != null) {
            core.loseAll(gate, "it was released by force");
        }
        boolean heldInStore = core.store() != null && core.store().forceRelease(core.full(key));
        return heldHere || heldInStore;
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            submissions.close();
            core.close();
        }
    }

    Core core() {
        return core;
    }

    /** The hold of the calling owner, or null. */
    @Nullable
    Hold heldByCaller(LockKey key) {
        Gate gate = core.gates().find(key);
        return gate == null ? null : gate.heldBy(Owner.current());
    }

    private static List<LockKey> ordered(Collection<LockKey> keys) {
        if (keys.isEmpty()) {
            throw new LockUsageException("No keys were given", "give at least one key, or do not ask for a lock");
        }
        return keys.size() == 1 ? List.of(keys.iterator().next()) : List.copyOf(new TreeSet<>(keys));
    }

    private Ask ask(LockKey key, LockOptions options) {
        if (options.equals(LockOptions.defaults())) {
            return defaultAsk;
        }
        Ask ask = settle(options);
        requireCapabilities(key.toString(), ask);
        return ask;
    }

    private Ask settle(LockOptions options) {
        return new Ask(
                options.mode(),
                options.permits(),
                options.fair(),
                Core.nanos(options.waitTime() == null ? core.settings().waitTime() : options.waitTime()),
                Core.nanos(options.leaseTime() == null ? core.settings().leaseTime() : options.leaseTime()),
                options.renew(),
                Core.nanos(options.holdAtLeast()));
    }

    private void requireCapabilities(String key, Ask ask) {
        if (ask.mode() == LockMode.SHARED) {
            require(key, ask, Capability.SHARED, "");
        } else if (ask.mode() == LockMode.PERMIT) {
            require(key, ask, Capability.PERMITS, "");
        }
        if (ask.fair()) {
            require(key, ask, Capability.FAIR, "fair");
        }
        if (core.store() != null && (!ask.renew() || ask.holdAtLeastNanos() > 0)) {
            require(key, ask, Capability.LEASE, ask.renew() ? "with holdAtLeast" : "with renew = false");
        }
    }

    private void require(String key, Ask ask, Capability needed, String what) {
        if (!core.backend().capabilities().contains(needed)) {
            throw Complaints.cannot(
                    key,
                    backend(),
                    ask.mode(),
                    what,
                    "use a backend that has " + needed + ", or leave that option out; this one has "
                            + new TreeSet<>(core.backend().capabilities()));
        }
    }
}
