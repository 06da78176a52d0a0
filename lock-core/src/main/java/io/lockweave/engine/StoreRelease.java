package io.lockweave.engine;

import io.lockweave.LockEvent;
import io.lockweave.LockMode;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a hold of a store ends: the grant stays with the other shared holders of this JVM, or passes to the next waiter
 * here (hand-over), or is kept for its least time, or is released: by the caller, or, if its release is sent, by a
 * worker. Whatever happens, the gate is left, and only then anybody is told. What fails is tried again in the
 * background until the lease is over.
 */
final class StoreRelease implements JointRelease.Part {

    private static final String NOT_HELD = "the store no longer had it when it was released";

    private final StoreParts parts;
    private final Hold hold;
    private final LeasedGrant live;
    private final Gate gate;

    StoreRelease(StoreParts parts, Hold hold, LeasedGrant live) {
        this.parts = parts;
        this.hold = hold;
        this.live = live;
        this.gate = hold.gate();
    }

    /**
     * May be repeated after a failure half-way.
     *
     * @param together who gives back what the caller gives back together; null if there is only this
     */
    void run(@Nullable JointRelease together) {
        Stack.ensureSome();
        if (!hold.isOut()) {
            gate.dismiss(hold);
        }
        long now = hold.home.now();
        LeasedGrant.Parting parting = part();
        boolean over = parting == LeasedGrant.Parting.LOST || live.deadline() - now <= 0;
        boolean parked = parting == LeasedGrant.Parting.LAST && !over && !hold.isOut() && park(now);
        if (!parked && !over && parting == LeasedGrant.Parting.LAST && isLeftToOthers(together, now)) {
            return;
        }
        String loss = null;
        Throwable failure = null;
        if (!parked) {
            Stack.ensureForStore(); // all before this may be repeated
            try {
                loss = over && !hold.givesBack ? end() : giveBack(parting);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        }
        leaveGate(parked);
        if (failure != null) {
            throw failed(failure);
        }
        tell(loss);
    }

    /** Leaves the store's answer, and all that follows, to others who release, if there are any. */
    private boolean isLeftToOthers(@Nullable JointRelease together, long now) {
        boolean sends = hold.options().sendsRelease()
                && !hold.isReleaseAwaited
                && !parts.state().isClosed();
        if (hold.isOut() || (!sends && together == null) || live.keepNanos(now) > 0) {
            return false;
        }
        Stack.ensureForStore();
        hold.givesBack = hold.givesBack || live.endIfUnused();
        if (!hold.givesBack) {
            return false;
        }
        parts.keeper().forget(live);
        hold.isLeftToOthers = true; // first, since others may be through with it at once
        if (sends && !hold.isSent) {
            gate.storeSide().releaseSent();
            hold.isSent = true;
        }
        boolean taken = false;
        try {
            taken = sends ? parts.sentReleases().send(this) : together != null && together.add(this);
        } finally {
            hold.isLeftToOthers = taken;
        }
        return taken;
    }

    @Override
    public @Nullable Throwable complete(boolean held) {
        return completing(() -> {
            hold.givesBack = false;
            leaveGate(false);
            tell(held ? null : NOT_HELD);
        });
    }

    @Override
    public @Nullable Throwable completeFailed(Throwable failure) {
        return completing(() -> {
            leaveGate(false);
            repeat(failure);
        });
    }

    private @Nullable Throwable completing(Runnable rest) {
        try {
            rest.run();
            return null;
        } catch (RuntimeException | Error e) {
            hold.isLeftToOthers = false;
            hold.leaveTo(hold.home.leftovers);
            return e;
        }
    }

    @Override
    public LockStore store() {
        return parts.store();
    }

    @Override
    public Grant grant() {
        return live.grant();
    }

    private void leaveGate(boolean parked) {
        if (!hold.isOut()) {
            boolean queued = gate.leave(hold);
            if (parked && !queued) {
                parts.unused().giveBackOrphan(gate);
            }
        } else if (hold.stage == Hold.OUT) {
            gate.followUp();
            parts.unused().giveBackOrphan(gate);
        }
        if (hold.isSent) {
            hold.isSent = false;
            gate.storeSide().releaseAnswered();
            gate.releaseAnswered();
        }
        hold.stage = Hold.FOLLOWED_UP;
    }

    private LeasedGrant.Parting part() {
        long least = hold.options().holdAtLeastNanos();
        return least > 0 ? live.part(hold, hold.since() + least) : live.part(hold);
    }

    /**
     * Leaves the grant to the next waiter of this JVM, if there is one and other JVMs are not kept from it for too
     * long.
     */
    private boolean park(long now) {
        return parts.handOverBound().isOn()
                && !parts.state().isClosed()
                && hold.options().mode() != LockMode.SHARED
                && gate.hasQueue()
                && live.mayPass(now, parts.handOverBound().nanos())
                && gate.storeSide().park(live);
    }

    /** Ends a grant whose lease is over; says why it is lost. */
    private String end() {
        parts.keeper().forget(live);
        live.lose("its lease ended before it could be renewed"); // others may share it
        return "its lease ended before it was released";
    }

    /** Gives the grant back unless others use it; says why if it was lost. May be repeated after a failure. */
    private @Nullable String giveBack(LeasedGrant.Parting parting) {
        hold.givesBack = hold.givesBack || (parting == LeasedGrant.Parting.LAST && live.endIfUnused());
        if (!hold.givesBack) {
            return null;
        }
        String loss = release();
        hold.givesBack = false;
        return loss;
    }

    private @Nullable String release() {
        parts.keeper().forget(live);
        long keep = live.keepNanos(hold.home.now());
        boolean held = keep > 0
                ? store().renew(List.of(live.grant()), Duration.ofNanos(keep)).get(0) == Renewal.HELD
                : store().release(live.grant());
        return held ? null : NOT_HELD;
    }

    private void tell(@Nullable String loss) {
        if (loss == null) {
            hold.fire(LockEvent.Type.RELEASED, null, "");
        } else {
            hold.foundLost(loss);
            parts.losses().report(hold, loss);
        }
    }

    private RuntimeException failed(Throwable failure) {
        repeat(failure);
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }

    private void repeat(Throwable failure) {
        Runnable again = hold.givesBack ? this::release : () -> giveBack(part());
        parts.reclaim().repeat(hold.key(), live.deadline(), failure, again);
        hold.givesBack = false;
        hold.fire(LockEvent.Type.RELEASE_FAILED, failure, "");
    }
}
