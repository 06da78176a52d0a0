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

    private final EngineParts parts;
    private final OptionsResolver resolver;
    private final Submissions submissions;
    private final Shutdown shutdown;
    private final AtomicBoolean open = new AtomicBoolean(true);

    /** Takes the backend into use. */
    public LockEngine(LockBackend backend, EngineSettings settings) {
        this(backend, settings, Threads::daemon);
    }

    /** As above, with another way to make threads; what it makes need not have a name. */
    LockEngine(LockBackend backend, EngineSettings settings, ThreadFactory maker) {
        Classes.ensureSetUp();
        Threads threads = new Threads(maker);
        this.parts = new EngineParts(backend, settings, threads);
        this.resolver = new OptionsResolver(parts);
        this.submissions = new Submissions(this::acquireInTurn, parts.timers(), threads);
        this.shutdown = new Shutdown(parts);
        HeldHere.opened(parts.gates());
        parts.log().started(backend, settings);
    }

    @Override
    public String backend() {
        return parts.backend().name();
    }

    @Override
    public void check(LockOptions options) {
        resolver.check(options);
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
        LockKey key = parts.namespace().local(asked);
        ResolvedOptions resolved = resolver.of(key, options);
        HeldLock held = atOnce(key, resolved, owner);
        if (held != null) {
            return held;
        }
        long start = parts.now();
        return acquireOrThrow(key, resolved, owner, start, resolved.deadline(start));
    }

    @Override
    public Optional<HeldLock> tryAcquire(LockKey asked, LockOptions options) {
        LockKey key = parts.namespace().local(asked);
        ResolvedOptions resolved = resolver.of(key, options);
        Owner owner = Owner.current();
        HeldLock held = atOnce(key, resolved, owner);
        if (held != null) {
            return Optional.of(held);
        }
        long start = parts.now();
        Acquisition acquisition = block(key, resolved, owner, start, resolved.deadline(start));
        HeldLock late = acquisition.held();
        if (late == null && acquisition.failure() != null) {
            throw acquisition.whyNot();
        }
        return Optional.ofNullable(late);
    }

    /**
     * The whole way for a lock that is free, kept in this JVM and not yet held by the owner: no waiting side is set up.
     */
    private @Nullable HeldLock atOnce(LockKey key, ResolvedOptions resolved, Owner owner) {
        if (parts.storeParts() != null || parts.state().isDraining()) {
            return null;
        }
        Gate known = parts.gates().find(key);
        if (known != null && (known.limit != resolved.limit() || known.heldBy(owner) != null)) {
            return null;
        }
        Gate gate = known == null ? parts.gates().create(key, resolved) : known;
        long now = beginning(resolved);
        Hold hold = new Hold(parts.home(), gate, owner, resolved, now);
        boolean over = false;
        try {
            boolean entered = known == null ? register(hold) : gate.tryEnter(hold) == Room.Entry.ENTERED;
            if (entered) {
                hold.begin(gate.fence(resolved.units()), null, false);
                parts.home().acquired(hold, now);
                if (parts.state().isClosed()) {
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
                Leftovers leftovers = parts.leftovers;
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

    /** When a hold that begins now says it began: exact only if something depends on it. */
    private long beginning(ResolvedOptions resolved) {
        boolean counts = parts.events().heard() || !resolved.renew() || resolved.holdAtLeastNanos() > 0;
        return counts ? parts.now() : parts.coarseClock().now();
    }

    /** Brings in a new gate, which the hold is inside of from the start; false if there is one already. */
    private boolean register(Hold hold) {
        hold.stage = Hold.INSIDE;
        if (parts.gates().register(hold.gate()) == null) {
            return true;
        }
        hold.stage = Hold.FRESH;
        return false;
    }

    private HeldLock acquireOrThrow(LockKey key, ResolvedOptions resolved, Owner owner, long start, long deadline) {
        Acquisition acquisition = block(key, resolved, owner, start, deadline);
        HeldLock held = acquisition.held();
        if (held == null) {
            throw acquisition.whyNot();
        }
        return held;
    }

    private Acquisition block(LockKey key, ResolvedOptions resolved, Owner owner, long start, long deadline) {
        Stack.ensureSome();
        BlockedThread driver = new BlockedThread();
        Acquisition acquisition =
                new Acquisition(new AcquireContext(parts, key, resolved, owner, start, deadline, driver));
        try {
            driver.await(parts, acquisition, true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LockUnavailableException why = LockUnavailableException.interrupted(
                    parts.namespace().full(key), acquisition.waited(), acquisition.holder(), e);
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
        ResolvedOptions resolved = resolver.of(ordered.get(0), options);
        Owner owner = Owner.current();
        long start = parts.now();
        long deadline = resolved.deadline(start);
        JointStage joint = Thread.currentThread().isInterrupted()
                ? null
                : JointStage.enter(parts, ordered, resolved, owner, start, deadline);
        HeldLock all = joint == null ? null : joint.take();
        if (all != null) {
            return all;
        }
        List<HeldLock> held = new ArrayList<>(ordered.size());
        try {
            for (LockKey key : ordered) {
                HeldLock free = atOnce(key, resolved, owner);
                held.add(free != null ? free : acquireOrThrow(key, resolved, owner, start, deadline));
            }
        } catch (Throwable e) {
            CompositeHold.closeInto(held, e);
            throw e;
        }
        return new CompositeHold(held);
    }

    @Override
    public CompletableFuture<HeldLock> acquireAllAsync(Collection<LockKey> keys, LockOptions options) {
        List<LockKey> ordered = ordered(keys);
        return new AsyncAcquireAll(parts, ordered, resolver.of(ordered.get(0), options), Owner.current()).begin();
    }

    /** As {@link #acquireAllAsync}, for this owner, and never passing those who came before it in this JVM. */
    CompletableFuture<HeldLock> acquireInTurn(Collection<LockKey> keys, LockOptions options, Owner owner) {
        List<LockKey> ordered = ordered(keys);
        ResolvedOptions resolved = resolver.of(ordered.get(0), options).inItsTurn();
        return new AsyncAcquireAll(parts, ordered, resolved, owner).begin();
    }

    @Override
    public <T> T call(LockKey key, LockOptions options, Callable<T> task) throws Exception {
        Owner caller = Owner.current();
        if (caller.isThread()) {
            return TaskUnderLock.call(acquire(key, options, caller), task);
        }
        Owner own = caller.nested("call under " + parts.namespace().full(key));
        Owner before = Owner.bind(own);
        try {
            return TaskUnderLock.call(acquire(key, options, own), task);
        } finally {
            Owner.restore(before);
        }
    }

    @Override
    public void run(LockKey key, LockOptions options, Runnable task) {
        Owner caller = Owner.current();
        if (caller.isThread()) {
            TaskUnderLock.run(acquire(key, options, caller), task);
            return;
        }
        Owner own = caller.nested("run under " + parts.namespace().full(key));
        Owner before = Owner.bind(own);
        try {
            TaskUnderLock.run(acquire(key, options, own), task);
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
        return new LockView(parts, parts.namespace().local(key), resolver.of(key, LockOptions.defaults()), true);
    }

    @Override
    public ReadWriteLock asReadWriteLock(LockKey key) {
        return new ReadWriteLockView(
                new LockView(
                        parts,
                        parts.namespace().local(key),
                        resolver.of(key, LockOptions.defaults().shared()),
                        false),
                asLock(key));
    }

    @Override
    public Optional<LockOutage> outage() {
        return parts.breaker().outage(parts.now());
    }

    @Override
    public LockInfo inspect(LockKey key) {
        return new Inspection(parts).of(parts.namespace().local(key));
    }

    @Override
    public List<LockInfo> inspect() {
        return new Inspection(parts).all();
    }

    @Override
    public boolean forceRelease(LockKey key) {
        Stack.ensureForStore();
        Gate gate = parts.gates().find(parts.namespace().local(key));
        boolean heldHere = gate != null && !gate.holds().isEmpty();
        if (gate != null) {
            parts.eviction().loseAll(gate, "it was released by force", false);
        }
        StoreParts store = parts.storeParts();
        boolean heldInStore =
                store != null && store.store().forceRelease(parts.namespace().full(key));
        return heldHere || heldInStore;
    }

    @Override
    public CompletableFuture<Boolean> drain(Duration acceptTime, Duration holdTime) {
        return shutdown.drain(acceptTime, holdTime, Owner.current());
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            submissions.close();
            shutdown.close();
            HeldHere.closed(parts.gates());
        }
    }

    EngineParts parts() {
        return parts;
    }

    private List<LockKey> ordered(Collection<LockKey> keys) {
        if (keys.isEmpty()) {
            throw new LockUsageException("No keys were given", "give at least one key, or do not ask for a lock");
        }
        if (keys.size() == 1) {
            return List.of(parts.namespace().local(keys.iterator().next()));
        }
        Set<LockKey> sorted = new TreeSet<>(parts.namespace().order());
        keys.forEach(key -> sorted.add(parts.namespace().local(key)));
        return List.copyOf(sorted);
    }
}
