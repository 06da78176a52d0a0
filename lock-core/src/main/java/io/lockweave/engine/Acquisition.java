package io.lockweave.engine;

import io.lockweave.Durations;
import io.lockweave.HeldLock;
import io.lockweave.LockException;
import io.lockweave.LockHolder;
import io.lockweave.LockUnavailableException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One claim on one key on its way: through the gate ({@link GateStage}) and then, if there is a store, to a grant of it
 * ({@link StoreStage}). It never blocks but for the store's round trips: a driver calls {@link #advance} until it is
 * over, each time when woken or when {@link #nextLook} has come. There are two drivers, {@link BlockedThread} and
 * {@link AsyncAcquisition}.
 */
final class Acquisition extends Leftover {

    private final AcquireContext context;
    private final EngineParts parts;
    final Leftovers leftovers;
    private final GateStage gateEntry;
    private @Nullable StoreStage storeEntry;
    private @Nullable Hold hold;
    private boolean saidThatItWaits;
    private @Nullable Progress progress;
    private boolean over;

    /** What it had has been given up. */
    boolean isAbandoned;

    private @Nullable HeldLock held;
    private @Nullable LockException failure;
    private @Nullable LockHolder holder;

    Acquisition(AcquireContext context) {
        this.context = context;
        this.parts = context.parts();
        this.leftovers = parts.leftovers;
        this.gateEntry = new GateStage(context);
    }

    /**
     * Goes as far as it can; true when over: {@link #held}, {@link #failure}, or neither when it was busy. On a thread
     * that must not wait for the store's answers it stops before the first of them, with {@link #needsStore} saying so.
     */
    boolean advance(boolean mayAskStore) {
        boolean wentOn = false;
        try {
            over = over || goOn(mayAskStore);
            wentOn = true;
            return over;
        } catch (LockException e) {
            failure = e;
            abandonBecause(e);
            return true;
        } catch (Throwable e) {
            abandonBecause(e);
            throw e;
        } finally {
            if (!wentOn && !isAbandoned) {
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

    private boolean goOn(boolean mayAskStore) {
        StoreStage toStore = storeEntry;
        if (toStore != null) {
            return goToStore(toStore, mayAskStore);
        }
        Step step = gateEntry.advance();
        if (step == Step.WAIT) {
            return false;
        }
        Gate gate = gateEntry.gate();
        if (step == Step.BUSY || gate == null) {
            held = gateEntry.again();
            if (held == null) {
                holder = whoHolds();
                abandon();
            }
            return true;
        }
        return goInside(gate, mayAskStore);
    }

    private boolean goInside(Gate gate, boolean mayAskStore) {
        context.ensureOpen();
        Hold mine = new Hold(parts.home(), gate, context.owner(), context.options(), parts.now());
        hold = mine;
        StoreParts store = parts.storeParts();
        if (store == null) {
            mine.begin(gate.fence(mine.units()), null, false);
            return begun(mine);
        }
        StoreStage toStore = new StoreStage(context, store, gate, mine);
        storeEntry = toStore;
        return goToStore(toStore, mayAskStore);
    }

    private boolean goToStore(StoreStage toStore, boolean mayAskStore) {
        Progress now = toStore.advance(mayAskStore);
        progress = now;
        if (now instanceof Progress.Refused refused) {
            failure = refused.failure();
            holder = whoHolds();
            abandon();
            return true;
        }
        if (now instanceof Progress.Waiting waiting && !saidThatItWaits && !gateEntry.hasWaited()) {
            saidThatItWaits = true;
            context.fireWaiting(() -> storeWait(waiting));
        }
        return now == Progress.Known.THROUGH && begun(hold);
    }

    private boolean listens() {
        StoreStage toStore = storeEntry;
        return toStore != null && toStore.listens();
    }

    private String storeWait(Progress.Waiting waiting) {
        LockHolder by = whoHolds();
        long look = Math.max(0, waiting.until() - parts.now());
        return (by == null ? "" : "held by " + by.describe() + "; ")
                + (listens() ? "listens for its release, and asks again in " : "asks again in ")
                + Durations.text(Duration.ofNanos(look));
    }

    private boolean begun(@Nullable Hold begun) {
        if (begun == null) {
            throw new IllegalStateException("nobody is inside without a hold");
        }
        held = begun;
        parts.home().acquired(begun, context.start());
        context.ensureOpen(); // closing may have come too early to see this hold; a local one may still slip through
        return true;
    }

    /** As the store says, or else as this JVM knows: one may have to wait for another who waits for the store. */
    private @Nullable LockHolder whoHolds() {
        LockHolder known = progress instanceof Progress.Waiting waiting
                ? waiting.holder()
                : progress instanceof Progress.Refused refused ? refused.holder() : null;
        Gate gate = gateEntry.gate();
        if (known == null && gate != null) {
            known = gate.anyHolder(parts.now());
        }
        return known == null ? parts.contenders().holderSeenFor(context.key()) : known;
    }

    /**
     * Gives up wherever it stands; nothing is left behind. May be repeated after a failure.
     *
     * @throws StackOverflowError if there is too little stack, before it has done anything
     */
    void abandon() {
        Stack.ensureForStore();
        over = true;
        held = null;
        Hold mine = hold;
        boolean taken = mine != null && mine.stage >= Hold.BEGUN;
        if (mine != null && !taken) {
            mine.takeBack();
        }
        StoreStage toStore = storeEntry;
        HeldLock again = gateEntry.again();
        try {
            if (toStore != null) {
                toStore.abandon();
            }
        } finally {
            gateEntry.abandon(taken);
            if (taken && mine != null) {
                closeQuietly(mine);
            } else if (again != null) {
                closeQuietly(again);
            }
            isAbandoned = true;
        }
    }

    @Override
    void finish() {
        if (!isAbandoned) {
            parts.workers().giveBack(this::abandon);
        }
    }

    private static void closeQuietly(HeldLock mine) {
        try {
            mine.close();
        } catch (LockException e) {
            // told by the events; what ended the acquisition counts
        }
    }

    private void abandonBecause(Throwable why) {
        try {
            abandon();
        } catch (Throwable e) {
            why.addSuppressed(e);
        }
    }

    boolean needsStore() {
        return progress == Progress.Known.NEEDS_STORE;
    }

    @Nullable
    HeldLock held() {
        return held;
    }

    @Nullable
    LockException failure() {
        return failure;
    }

    /** The failure, or that the lock was busy. */
    LockException whyNot() {
        LockException why = failure;
        return why != null
                ? why
                : LockUnavailableException.busy(parts.namespace().full(context.key()), waited(), how(), holder);
    }

    /** How it waited, for people; empty if it did not. */
    private String how() {
        if (context.options().waitNanos() == 0) {
            return "";
        }
        int asked = progress instanceof Progress.Refused refused ? refused.asked() : 0;
        if (asked > 0) {
            return (listens() ? "listening for its release, and" : "and") + " asked the store "
                    + (asked == 1 ? "once" : asked + " times");
        }
        int ahead = gateEntry.ahead();
        return ahead == 0
                ? gateEntry.hasWaited() ? "as the first of those in this JVM" : ""
                : "behind " + (ahead == Waiter.MOST_AHEAD ? "at least " : "") + ahead + " of this JVM";
    }

    Duration waited() {
        return context.waited();
    }

    /** Who holds the lock instead; once over without the lock, who held it then. */
    @Nullable
    LockHolder holder() {
        return holder == null ? whoHolds() : holder;
    }

    /** When to advance at the latest, unless woken before. */
    long nextLook() {
        return progress instanceof Progress.Waiting waiting ? waiting.until() : gateEntry.waitsUntil();
    }

    /** Reports how it ended without a lock; null: it was busy. */
    void reportUnavailable(@Nullable Throwable why) {
        long now = parts.now();
        boolean busy = why == null || (why instanceof LockUnavailableException known && known.busy());
        boolean ranOut = busy && context.options().waitNanos() > 0;
        // looked for only if somebody is told: all who wait for the store may have to be asked
        LockHolder by = ranOut || parts.events().heard() ? holder() : null;
        if (ranOut) {
            parts.log().ranOut(context.key(), now, waited(), how(), by);
        }
        parts.events().fireUnavailable(context.key(), context.options().mode(), now - context.start(), why, by);
    }

    /** Reports that it was cancelled. */
    void reportCancelled() {
        long nanos = parts.now() - context.start();
        parts.events().fireUnavailable(context.key(), context.options().mode(), nanos, null, null);
    }
}
