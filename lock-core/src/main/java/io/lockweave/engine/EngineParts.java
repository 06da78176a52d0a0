package io.lockweave.engine;

import io.lockweave.spi.LockBackend;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.TimeSource;
import org.jspecify.annotations.Nullable;

/** The parts of one engine, and the one place where they are put together. */
final class EngineParts {

    private final LockBackend backend;
    private final EngineSettings settings;
    private final TimeSource time;
    private final Namespace namespace;
    private final EngineState state = new EngineState();
    private final GateRegistry gates;
    private final Timers timers;
    private final Workers workers;
    private final EventLog log;
    private final EventPublisher events;
    private final CoarseClock coarseClock;
    private final LongHolds longHolds;
    private final DeadlockDetector deadlocks;
    private final Contenders contenders = new Contenders();
    private final Breaker breaker;
    private final LostInViews lostInViews = new LostInViews();
    private final @Nullable StoreParts store;
    private final Eviction eviction;
    private final EngineHome home;

    /** A field that is read without a call: whoever needs it may have no stack left. */
    final Leftovers leftovers;

    EngineParts(LockBackend backend, EngineSettings settings, Threads threads) {
        this.backend = backend;
        this.settings = settings;
        this.time = settings.timeSource();
        this.namespace = new Namespace(settings.namespace());
        this.gates = new GateRegistry(namespace);
        this.timers = new Timers(time, threads);
        this.workers = new Workers(timers, threads);
        this.log = new EventLog(namespace);
        this.events = new EventPublisher(settings.listeners(), backend.name(), log);
        this.coarseClock = new CoarseClock(time, timers, log::lookAtLevel);
        this.longHolds = new LongHolds(gates, log, workers::callBack, settings.longHold(), time.nanoTime());
        this.deadlocks = new DeadlockDetector(settings.detectDeadlocks());
        this.breaker = new Breaker(backend.name(), settings.failFastAfter(), workers::callBack);
        this.leftovers = new Leftovers(timers, this::isAnythingAwaited);
        Losses losses = new Losses(workers, state, namespace);
        MaxHold maxHold = MaxHold.of(settings.maxHoldTime());
        this.store = backend instanceof LockStore known ? storeParts(known, threads, losses, maxHold) : null;
        this.eviction = new Eviction(store);
        LockOrder order = new LockOrder(settings.recordOrder());
        this.home =
                new EngineHome(leftovers, time, timers, workers, events, maxHold, order, losses, lostInViews, store);
    }

    private StoreParts storeParts(LockStore known, Threads threads, Losses losses, MaxHold maxHold) {
        Reclaim reclaim = new Reclaim(known, time, timers, workers, state, namespace);
        RenewalFailures failures = new RenewalFailures(workers, events);
        LeaseKeeper keeper =
                new LeaseKeeper(known, time, timers, threads, reclaim, breaker, maxHold, leftovers, failures);
        return new StoreParts(
                known,
                new ClaimFactory(namespace, settings.handOver()),
                keeper,
                reclaim,
                new UnusedGrants(keeper, reclaim),
                new SentReleases(known, workers, events),
                new HandOverBound(settings.handOver()),
                losses,
                state);
    }

    /** Looked at every now and then, as long as it is so. */
    private boolean isAnythingAwaited() {
        longHolds.look(now());
        log.lookAtLevel();
        StoreParts known = store;
        return (known != null && known.keeper().keepsAny())
                || !contenders.isEmpty()
                || gates.all().stream().anyMatch(Gate::hasQueue);
    }

    LockBackend backend() {
        return backend;
    }

    EngineSettings settings() {
        return settings;
    }

    TimeSource time() {
        return time;
    }

    long now() {
        return time.nanoTime();
    }

    CoarseClock coarseClock() {
        return coarseClock;
    }

    /** The namespace of these locks. */
    Namespace namespace() {
        return namespace;
    }

    EngineState state() {
        return state;
    }

    GateRegistry gates() {
        return gates;
    }

    Timers timers() {
        return timers;
    }

    /** The threads for what callers must not wait for. */
    Workers workers() {
        return workers;
    }

    EventLog log() {
        return log;
    }

    EventPublisher events() {
        return events;
    }

    DeadlockDetector deadlocks() {
        return deadlocks;
    }

    /** Those of this JVM who wait for the store. */
    Contenders contenders() {
        return contenders;
    }

    /** Whether the store is known to be down. */
    Breaker breaker() {
        return breaker;
    }

    LostInViews lostInViews() {
        return lostInViews;
    }

    /** What there is for a store; null if this JVM keeps the locks. */
    @Nullable
    StoreParts storeParts() {
        return store;
    }

    Eviction eviction() {
        return eviction;
    }

    /** How holds begin and end. */
    EngineHome home() {
        return home;
    }
}
