package io.lockweave.engine;

import io.lockweave.LockEvent;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.spi.Grant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The parts of an engine on a {@link ScriptedStore}, whose time a test moves by hand. */
final class EngineByHand implements AutoCloseable {

    static final LockKey KEY = LockKey.of("thing", 1);

    /** A twelfth of it is two seconds, a third eight. */
    static final Duration LEASE = Duration.ofSeconds(24);

    /** Uses a grant, and keeps what it was told. */
    static final class User implements LeasedGrant.User {

        final List<String> losses = new CopyOnWriteArrayList<>();
        volatile boolean abandoned;

        @Override
        public void begin(long fence, @Nullable LeasedGrant grant, boolean handedOver) {}

        @Override
        public boolean isAbandoned() {
            return abandoned;
        }

        @Override
        public void lose(String why) {
            losses.add(why);
        }
    }

    final HandClock clock = new HandClock();
    final ScriptedStore store = new ScriptedStore(clock);
    final List<LockEvent> events = new CopyOnWriteArrayList<>();
    final AtomicInteger woken = new AtomicInteger();
    final EngineParts parts;
    private final List<LeasedGrant> kept = new ArrayList<>();

    EngineByHand() {
        this(null);
    }

    EngineByHand(@Nullable Duration maxHold) {
        parts = new EngineParts(
                store,
                new EngineSettings(
                        "test",
                        Duration.ofSeconds(10),
                        LEASE,
                        maxHold,
                        Duration.ZERO,
                        Duration.ofSeconds(3),
                        true,
                        false,
                        true,
                        false,
                        clock,
                        List.of(events::add)),
                new Threads(Threads::daemon));
        parts.timers().ensureRunning();
    }

    StoreParts storeParts() {
        StoreParts known = parts.storeParts();
        if (known == null) {
            throw new AssertionError("it has a store");
        }
        return known;
    }

    LeaseKeeper keeper() {
        return storeParts().keeper();
    }

    ResolvedOptions options(LockOptions asked) {
        return new OptionsResolver(parts).of(KEY, asked);
    }

    /** A grant that nobody keeps yet. */
    Grant grant(ResolvedOptions options) {
        return new Grant(storeParts().claims().of(KEY, options, Owner.scope("somebody")), 7, 5);
    }

    /** Keeps a grant that is renewed, for the first time this long after the start. */
    LeasedGrant keep(Duration firstLook) {
        return keep(firstLook, LockOptions.defaults());
    }

    LeasedGrant keep(Duration firstLook, LockOptions asked) {
        ResolvedOptions options = options(asked);
        long end = clock.nanoTime() + options.leaseNanos();
        LeasedGrant live = keeper().keep(grant(options), options, end, HandClock.at(firstLook));
        kept.add(live);
        return live;
    }

    static User use(LeasedGrant live) {
        User user = new User();
        if (!live.join(user, false)) {
            throw new AssertionError("it has ended");
        }
        return user;
    }

    WaitLoop loop(LockOptions asked) {
        ResolvedOptions options = options(asked);
        long now = clock.nanoTime();
        return new WaitLoop(
                new AcquireContext(
                        parts,
                        KEY,
                        options,
                        Owner.scope("somebody"),
                        now,
                        options.deadline(now),
                        woken::incrementAndGet),
                storeParts());
    }

    /** Lets it be that time, and what is due then be done, renewals with their answers included. */
    void at(Duration sinceStart) {
        clock.moveTo(sinceStart);
        OtherThread.until(() -> {
            awaitKeeper(); // so that what it wrote before is seen
            return kept.stream().noneMatch(live -> live.renewing && !live.hasEnded());
        });
        awaitKeeper();
        settle();
    }

    /** Waits until it is through with what it does under its lock. */
    private void awaitKeeper() {
        keeper().keepsAny();
    }

    /** Waits until all that is to be given back to the store was given back. */
    void settle() {
        OtherThread.until(parts.workers()::isIoIdle);
    }

    @Override
    public void close() {
        keeper().close();
        parts.workers().closeIo();
        parts.workers().closeCallBacks();
        parts.timers().close();
    }
}
