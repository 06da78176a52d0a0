package io.lockweave.invoke;

import io.lockweave.HeldLock;
import io.lockweave.LockLostException;
import io.lockweave.Locked;
import io.lockweave.engine.CurrentHold;
import io.lockweave.spi.container.LockedBody;
import io.lockweave.spi.container.TransactionBoundary;
import io.lockweave.spi.container.TransactionBoundary.ActiveTransaction;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Runs methods under a hold and ends it. That a lock is lost is in the log by the engine's word already. */
final class Guard {

    private static final Logger LOG = System.getLogger("io.lockweave");

    private final String method;
    private final Locked.OnLost onLost;
    private final HeldLock held;
    private final @Nullable TransactionBoundary transactions;

    Guard(LockedMethod method, HeldLock held, @Nullable TransactionBoundary transactions) {
        this.method = method.description();
        this.onLost = method.policy().onLost();
        this.held = held;
        this.transactions = transactions;
    }

    HeldLock held() {
        return held;
    }

    /**
     * Runs the body with this hold as the current one; transactions that end in there cannot commit once it is lost.
     */
    @Nullable
    Object proceed(LockedBody body) throws Throwable {
        HeldLock before = CurrentHold.bind(held);
        try {
            return transactions == null ? body.proceed() : checkingCommits(transactions, body);
        } finally {
            CurrentHold.restore(before);
        }
    }

    private @Nullable Object checkingCommits(TransactionBoundary boundary, LockedBody body) throws Throwable {
        Runnable end = boundary.checkCommits(this::ensureHeld);
        try {
            return body.proceed();
        } finally {
            end.run();
        }
    }

    /** Fails if the lock is lost and the method is to hear of it. */
    void ensureHeld() {
        if (onLost != Locked.OnLost.WARN) {
            held.ensureHeld();
        }
    }

    /** Runs the body and gives the lock back when it returns or throws. */
    @Nullable
    Object untilReturn(LockedBody body) throws Throwable {
        Object result;
        try {
            result = interruptible(body);
        } catch (Throwable e) {
            Throwable problem = end();
            if (problem != null) {
                e.addSuppressed(problem);
            }
            throw e;
        }
        Throwable problem = end();
        if (problem instanceof LockLostException || problem instanceof Error) {
            throw problem;
        }
        if (problem != null) {
            noteRelease(problem);
        }
        return result;
    }

    /** Runs the body; the lock is given back after the transaction, which cannot commit if the lock was lost. */
    @Nullable
    Object untilCompletion(ActiveTransaction transaction, LockedBody body) throws Throwable {
        boolean bound = false;
        try {
            transaction.beforeCommit(this::ensureHeld);
            transaction.afterCompletion(this::endAfterTransaction);
            bound = true;
        } finally {
            if (!bound) {
                endAfterTransaction();
            }
        }
        Object result = interruptible(body);
        ensureHeld();
        return result;
    }

    private @Nullable Object interruptible(LockedBody body) throws Throwable {
        if (onLost != Locked.OnLost.INTERRUPT) {
            return proceed(body);
        }
        LossInterrupt interrupt = LossInterrupt.begin();
        held.onLost(lost -> interrupt.lost());
        try {
            return proceed(body);
        } finally {
            interrupt.end();
        }
    }

    /** Gives the lock back; what went wrong, a lost lock first, if the method is to hear of it. */
    @Nullable
    Throwable end() {
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

    private void endAfterTransaction() {
        Throwable problem = end();
        if (problem != null) {
            noteRelease(problem);
        }
    }

    /** The method did its work and its result counts; the engine has told of the failure in its events. */
    void noteRelease(Throwable problem) {
        LOG.log(
                Level.DEBUG,
                "Lock " + held.key() + " of " + method
                        + " was not given back cleanly; it ends with its lease at the latest",
                problem);
    }
}
