package io.lockweave.invoke;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts the worker when its lock is lost, and never after the method: the end of the method and the interrupt
 * exclude each other, and an interrupt from here that the method did not notice is taken back. One that somebody else
 * had sent before stays; one sent after ours cannot be told from it, and the exception for the lost lock stands for
 * both.
 *
 * <p>A thread has one flag for all methods that it is inside of. So the end of an inner method, which takes its own
 * interrupt back, interrupts anew for a method around it whose lock was lost in the meantime.
 */
final class LossInterrupt {

    private static final ThreadLocal<LossInterrupt> INNERMOST = new ThreadLocal<>();

    private final Thread worker = Thread.currentThread();
    private final ReentrantLock lock = new ReentrantLock();
    private final @Nullable LossInterrupt outer;
    private boolean lost;
    private boolean over;
    private boolean interrupted;

    private LossInterrupt(@Nullable LossInterrupt outer) {
        this.outer = outer;
    }

    /** Called by the worker before the method. */
    static LossInterrupt begin() {
        LossInterrupt begun = new LossInterrupt(INNERMOST.get());
        INNERMOST.set(begun);
        return begun;
    }

    void lost() {
        lock.lock();
        try {
            lost = true;
            interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void interrupt() {
        if (!over && !worker.isInterrupted()) {
            interrupted = true;
            worker.interrupt();
        }
    }

    /** Called by the worker when the method has ended. */
    void end() {
        boolean ours;
        lock.lock();
        try {
            over = true;
            ours = interrupted;
            if (ours) {
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
        if (outer == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(outer);
            if (ours) {
                outer.interruptIfMissed();
            }
        }
    }

    /** Interrupts for the innermost of the methods around whose loss found the flag set by the one that has ended. */
    private void interruptIfMissed() {
        for (LossInterrupt one = this; one != null; one = one.outer) {
            if (one.missed()) {
                return;
            }
        }
    }

    private boolean missed() {
        lock.lock();
        try {
            if (!lost || interrupted) {
                return false;
            }
            interrupt();
            return true;
        } finally {
            lock.unlock();
        }
    }
}
