package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * One key's lock as the JDK's {@link Lock}: bound to the calling thread (or the scope bound to it), waiting without a
 * limit unless the method has one, and unlocked only as often as it was locked through such a view.
 *
 * <p>A lock that was lost is not taken again before each of its entries was unlocked: who locks once more "in case it
 * has expired", as leader elections do, must hear that somebody else may have been inside.
 */
final class LockView implements Lock {

    private final EngineParts parts;
    private final LockKey key;
    private final ResolvedOptions resolved;
    private final boolean write;

    LockView(EngineParts parts, LockKey key, ResolvedOptions resolved, boolean write) {
        this.parts = parts;
        this.key = key;
        this.resolved = resolved.waiting(Long.MAX_VALUE);
        this.write = write;
    }

    @Override
    public void lock() {
        try {
            take(resolved, false);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a wait that cannot be interrupted was", e);
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        take(resolved, true);
    }

    @Override
    public boolean tryLock() {
        try {
            return took(resolved.waiting(0), false);
        } catch (InterruptedException e) {
            throw new IllegalStateException("a wait that cannot be interrupted was", e);
        }
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return took(resolved.waiting(Math.max(0, unit.toNanos(time))), true);
    }

    private void take(ResolvedOptions wanted, boolean interruptible) throws InterruptedException {
        if (!took(wanted, interruptible)) {
            throw LockUnavailableException.busy(fullKey(), Duration.ofNanos(wanted.waitNanos()), null);
        }
    }

    private boolean took(ResolvedOptions wanted, boolean interruptible) throws InterruptedException {
        Owner owner = Owner.current();
        parts.lostInViews().ensureNone(owner, key);
        Stack.ensureSome();
        long start = parts.now();
        BlockedThread driver = new BlockedThread();
        Acquisition acquisition =
                new Acquisition(new AcquireContext(parts, key, wanted, owner, start, wanted.deadline(start), driver));
        driver.await(parts, acquisition, interruptible);
        HeldLock held = acquisition.held();
        ensureNoneLostMeanwhile(owner, held);
        if (held == null) {
            acquisition.reportUnavailable(acquisition.failure());
            if (acquisition.failure() != null) {
                throw acquisition.whyNot();
            }
            return false;
        }
        Hold hold;
        if (held instanceof Reentry again) {
            hold = again.hold();
        } else {
            hold = (Hold) held;
            hold.beginAsView();
        }
        hold.viewEntries().begin(write);
        if (hold.isLost()) {
            parts.lostInViews().note(hold); // who lost it may have seen no entry of a view yet
        }
        return true;
    }

    /** A loss in the moment before this could take the lock anew, or find it busy, must not be forgotten either. */
    private void ensureNoneLostMeanwhile(Owner owner, @Nullable HeldLock held) {
        try {
            parts.lostInViews().ensureNone(owner, key);
        } catch (LockLostException lost) {
            if (held != null) {
                CompositeHold.closeInto(List.of(held), lost);
            }
            throw lost;
        }
    }

    /**
     * Gives back one entry of the calling thread.
     *
     * @throws IllegalMonitorStateException if the calling thread has no entry through such a view
     * @throws LockLostException if the lock was lost while it was held; it is given up all the same
     */
    @Override
    public void unlock() {
        Stack.ensureSome();
        Owner owner = Owner.current();
        Hold hold = parts.gates().heldBy(owner, key);
        if (hold == null || !hold.endViewEntry(write)) {
            hold = parts.lostInViews().endEntry(owner, key, write);
        }
        if (hold == null) {
            throw new IllegalMonitorStateException(
                    "Lock " + fullKey() + " is not locked for " + (write ? "writing" : "reading") + " by " + owner);
        }
        if (hold.leaveEntry()) {
            hold.leave();
        }
        hold.ensureHeld();
    }

    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException("Lock " + fullKey()
                + " has no conditions: its waiters may be in other JVMs. Use a queue or a message instead.");
    }

    private LockKey fullKey() {
        return parts.namespace().full(key);
    }

    @Override
    public String toString() {
        return (write ? "Lock[" : "ReadLock[") + fullKey() + "]";
    }
}
