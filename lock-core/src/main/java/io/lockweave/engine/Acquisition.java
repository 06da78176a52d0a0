package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockEvent;
import io.lockweave.LockException;
import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockUnavailableException;
import io.lockweave.spi.LockStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One claim on one key on its way: through the gate ({@link GateEntry}) and then, if there is a store, to a grant of it
 * ({@link StoreEntry}). It never blocks but for the store's round trips: a driver calls {@link #advance} until it is over,
 * each time when woken or when {@link #nextLook} has come. There are two drivers, {@link BlockedThread} and
 * {@link AsyncAcquisition}.
 */
final class Acquisition {

    private final Request request;
    private final Core core;
    private final GateEntry gateEntry;
    private @Nullable StoreEntry storeEntry;
    private @Nullable Hold hold;
    private boolean saidThatItWaits;
    private boolean needsStore;
    private boolean over;

    private @Nullable HeldLock held;
    private @Nullable LockException failure;
    private @Nullable LockHolder holder;

    Acquisition(Request request) {
        this.request = request;
        this.core = request.core();
        this.gateEntry = new GateEntry(request);
    }

    /**
     * Goes as far as it can; true when over: {@link #held}, {@link #failure}, or neither when it was busy. On a thread that
     * must not wait for the store's answers it stops before the first of them, with {@link #needsStore} saying so.
     */
    boolean advance(boolean mayAskStore) {
        try {
            over = over || goOn(mayAskStore);
            return over;
        } catch (LockException e) {
            failure = e;
            abandon();
            return true;
        } catch (Throwable e) {
            abandon();
            throw e;
        }
    }

    private boolean goOn(boolean mayAskStore) {
        needsStore = false;
        StoreEntry toStore = storeEntry;
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
                busy(gate);
            }
            return true;
        }
        return goInside(gate, mayAskStore);
    }

    private boolean goInside(Gate gate, boolean mayAskStore) {
        request.ensureOpen();
        Hold mine = new Hold(core, gate, request.owner(), request.ask(), core.now());
        hold = mine;
        LockStore store = core.store();
        if (store == null) {
            mine.begin(gate.fence(mine.units()), null, false);
            return begun(mine);
        }
        StoreEntry toStore = new StoreEntry(request, store, gate, mine);
        storeEntry = toStore;
        return goToStore(toStore, mayAskStore);
    }

    private boolean goToStore(StoreEntry toStore, boolean mayAskStore) {
        switch (toStore.advance(mayAskStore)) {
            case WAIT -> {
                if (!saidThatItWaits && !gateEntry.hasWaited()) {
                    saidThatItWaits = true;
                    request.fireWaiting();
                }
                return false;
            }
            case NEEDS_STORE -> {
                needsStore = true;
                return false;
            }
            case BUSY -> {
                failure = toStore.failure();
                holder = toStore.holder();
                busy(gateEntry.gate());
                return true;
            }
            case THROUGH -> {
                return begun(hold);
            }
        }
        throw new IllegalStateException("there is no other step");
    }

    private boolean begun(@Nullable Hold begun) {
        if (begun == null) {
            throw new IllegalStateException("nobody is inside without a hold");
        }
        held = begun;
        core.acquired(begun, request.start());
        request.ensureOpen(); // closing may have come too early to see this hold; a local one may still slip through
        return true;
    }

    private void busy(@Nullable Gate gate) {
        if (holder == null && gate != null) {
            holder = gate.anyHolder(core.now());
        }
        abandon();
    }

    /** Gives up wherever it stands; nothing is left behind. */
    void abandon() {
        over = true;
        StoreEntry toStore = storeEntry;
        if (toStore != null) {
            toStore.abandon();
        }
        HeldLock mine = held;
        gateEntry.abandon(mine != null);
        if (mine != null) {
            held = null;
            try {
                mine.close();
            } catch (LockException e) {
                // told by the events; what ended the acquisition counts
            }
        }
    }

    boolean needsStore() {
        return needsStore;
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
        return why != null ? why : LockUnavailableException.busy(request.key(), waited(), holder);
    }

    Duration waited() {
        return request.waited();
    }

    @Nullable
    LockHolder holder() {
        return holder;
    }

    /** When to advance at the latest, unless woken before. */
    long nextLook() {
        StoreEntry toStore = storeEntry;
        return toStore == null ? request.deadline() : toStore.nextLook();
    }

    /** Reports how it ended without a lock. */
    void reportUnavailable(@Nullable Throwable why) {
        LockKey key = request.key();
        core.events()
                .fire(
                        LockEvent.Type.UNAVAILABLE,
                        key,
                        request.ask().mode(),
                        core.now() - request.start(),
                        0,
                        false,
                        why,
                        "");
    }
}
