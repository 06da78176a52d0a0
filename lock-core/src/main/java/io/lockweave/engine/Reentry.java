package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A further handle of a {@link Hold} whose owner entered again. */
final class Reentry extends Leftover implements HeldLock {

    private final Hold hold;
    private final AtomicBoolean open = new AtomicBoolean(true);

    // Of the one that closes it: how far it has come.
    private boolean isMine;
    private boolean hasEnded;
    private boolean isLast;

    private final Queue<Consumer<LockLostException>> actions = new ConcurrentLinkedQueue<>();

    private Reentry(Hold hold) {
        this.hold = hold;
    }

    /** Another handle for the same owner, or null if the hold has just ended. */
    static @Nullable HeldLock of(Hold hold, ResolvedOptions again) {
        Reentry handle = new Reentry(hold); // before it counts
        return hold.enterAgain(again) ? handle : null;
    }

    @Override
    public LockKey key() {
        return hold.key();
    }

    @Override
    public List<HeldLock> parts() {
        return List.of(this);
    }

    @Override
    public long fence() {
        return hold.fence();
    }

    @Override
    public Duration remaining() {
        return open.get() ? hold.remainingForAll() : Duration.ZERO;
    }

    @Override
    public boolean isHeld() {
        return !remaining().isZero();
    }

    @Override
    public boolean isLost() {
        return hold.isLost();
    }

    /** Forgotten when this handle is closed, since its hold may live on for long and be entered often. */
    @Override
    public void onLost(Consumer<LockLostException> action) {
        Consumer<LockLostException> own = lost -> action.accept(lost);
        actions.add(own);
        hold.addLossAction(own);
        if (!open.get()) {
            hold.forget(own);
        }
    }

    @Override
    public boolean isReentry() {
        return true;
    }

    @Override
    public void ensureHeld() {
        hold.ensureHeld();
    }

    @Override
    public void close() {
        boolean over = false;
        try {
            closeNow();
            over = true;
        } finally {
            if (!over) {
                Leftovers leftovers = hold.home.leftovers;
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

    /** May be repeated by who was the first to close it, after a failure half-way. */
    private void closeNow() {
        if (!isMine) {
            isMine = open.compareAndSet(true, false);
            if (!isMine) {
                return;
            }
        }
        actions.forEach(hold::forget);
        if (!hasEnded) {
            isLast = hold.leaveEntry();
            hasEnded = true;
        }
        if (isLast) {
            hold.leave();
        }
    }

    @Override
    void finish() {
        hold.home.finish(this::closeNow);
    }

    Hold hold() {
        return hold;
    }

    @Override
    public String toString() {
        return "re-entered " + hold;
    }
}
