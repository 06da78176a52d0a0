package io.lockweave.invoke;

import io.lockweave.HeldLock;
import io.lockweave.LockLostException;
import io.lockweave.Locked;
import io.lockweave.engine.CurrentHold;
import io.lockweave.engine.LockEngine;
import io.lockweave.spi.container.LockedBody;
import io.lockweave.spi.container.TransactionBoundary;
import io.lockweave.spi.container.TransactionBoundary.ActiveTransaction;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Runs a method under its holds and ends them. That a lock is lost is in the log by the engine's word already. One for
 * all calls of a method.
 *
 * @param method the method, for people
 * @param onLost what becomes of a call whose lock is lost
 * @param transactions the transactions that end in the method, or null if there are none
 */
record Guard(String method, Locked.OnLost onLost, @Nullable TransactionBoundary transactions) {

    private static final Logger LOG = System.getLogger("io.lockweave");

    /**
     * Runs the body with the hold as the current one; transactions that end in there cannot commit once it is lost.
     */
    @Nullable
    Object proceed(HeldLock held, LockedBody body) throws Throwable {
        @Nullable Object[] current = CurrentHold.cell();
        HeldLock before = CurrentHold.bind(current, held);
        try {
            return transactions == null ? body.proceed() : checkingCommits(transactions, held, body);
        } finally {
            CurrentHold.restore(current, before);
        }
    }

    private @Nullable Object checkingCommits(TransactionBoundary boundary, HeldLock held, LockedBody body)
            throws Throwable {
        Runnable end = boundary.checkCommits(() -> ensureHeldAtCommit(held));
        try {
            return body.proceed();
        } finally {
            end.run();
        }
    }

    /** What was committed under the lock is worth a second look: its release is awaited. */
    void ensureHeldAtCommit(HeldLock held) {
        LockEngine.awaitRelease(held);
        ensureHeld(held);
    }

    /** Fails if the lock is lost and the method is to hear of it. */
    void ensureHeld(HeldLock held) {
        if (onLost != Locked.OnLost.WARN) {
            held.ensureHeld();
        }
    }

    /** Runs the body and gives the lock back when it returns or throws. */
    @Nullable
    Object untilReturn(HeldLock held, LockedBody body) throws Throwable {
        Object result;
        try {
            result = interruptible(held, body);
        } catch (Throwable e) {
            Throwable problem = end(held);
            if (problem != null) {
                e.addSuppressed(problem);
            }
            throw e;
        }
        Throwable problem = end(held);
        if (problem instanceof LockLostException || problem instanceof Error) {
            throw problem;
        }
        if (problem != null) {
            noteRelease(held, problem);
        }
        return result;
    }

    /** Runs the body; the lock is given back after the transaction, which cannot commit if the lock was lost. */
    @Nullable
    Object untilCompletion(ActiveTransaction transaction, HeldLock held, LockedBody body) throws Throwable {
        boolean bound = false;
        try {
            transaction.beforeCommit(() -> ensureHeldAtCommit(held));
            transaction.afterCompletion(() -> endAfterTransaction(held));
            bound = true;
        } finally {
            if (!bound) {
                endAfterTransaction(held);
            }
        }
        Object result = interruptible(held, body);
        ensureHeld(held);
        return result;
    }

    private @Nullable Object interruptible(HeldLock held, LockedBody body) throws Throwable {
        if (onLost != Locked.OnLost.INTERRUPT) {
            return proceed(held, body);
        }
        LossInterrupt interrupt = LossInterrupt.begin();
        held.onLost(lost -> interrupt.lost());
        try {
            return proceed(held, body);
        } finally {
            interrupt.end();
        }
    }

    /** Gives the lock back; what went wrong, a lost lock first, if the method is to hear of it. */
    @Nullable
    Throwable end(HeldLock held) {
        Throwable problem = null;
        try {
            held.close();
        } catch (RuntimeException | Error e) {
            problem = e;
        }
        if (onLost != Locked.OnLost.WARN && held.isLost()) {
            try {
                held.ensureHeld();
            } catch (LockLostException lost) {
                if (problem != null) {
                    lost.addSuppressed(problem);
                }
                problem = lost;
            }
        }
        return problem;
    }

    private void endAfterTransaction(HeldLock held) {
        Throwable problem = end(held);
        if (problem != null) {
            noteRelease(held, problem);
        }
    }

    /** The method did its work and its result counts; the engine has told of the failure in its events. */
    void noteRelease(HeldLock held, Throwable problem) {
        LOG.log(
                Level.DEBUG,
                "Lock " + held.key() + " of " + method
                        + " was not given back cleanly; it ends with its lease at the latest",
                problem);
    }
}
