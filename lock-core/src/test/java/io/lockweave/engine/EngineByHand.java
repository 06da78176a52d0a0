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
    static final class User implements LiveGrant.User {

        final List<String> losses = new CopyOnWriteArrayList<>();
        volatile boolean abandoned;

        @Override
        public void begin(long fence, @Nullable LiveGrant grant, boolean handedOver) {}

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
    private final List<LiveGrant> kept = new ArrayList<>();

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

    Keeper keeper() {
        return storeParts().keeper();
    }

    Ask ask(LockOptions asked) {
        return new Asks(parts).of(KEY, asked);
    }

    /** A grant that nobody keeps yet. */
    Grant grant(Ask ask) {
        return new Grant(storeParts().claims().of(KEY, ask, Owner.scope("somebody")), 7, 5);
    }

    /** Keeps a grant that is renewed, for the first time this long after the start. */
    LiveGrant keep(Duration firstLook) {
        return keep(firstLook, LockOptions.defaults());
    }

    LiveGrant keep(Duration firstLook, LockOptions asked) {
        Ask ask = ask(asked);
        long end = clock.nanoTime() + ask.leaseNanos();
        LiveGrant live = keeper().keep(grant(ask), ask, end, HandClock.at(firstLook));
        kept.add(live);
        return live;
    }

    static User use(LiveGrant live) {
        User user = new User();
        if (!live.join(user, false)) {
            throw new AssertionError("it has ended");
        }
        return user;
    }

    Contest contest(LockOptions asked) {
        Ask ask = ask(asked);
        long now = clock.nanoTime();
        return new Contest(
                new Request(parts, KEY, ask, Owner.scope("somebody"), now, ask.deadline(now), woken::incrementAndGet),
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
