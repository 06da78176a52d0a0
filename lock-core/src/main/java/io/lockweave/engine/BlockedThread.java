package io.lockweave.engine;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/** Drives an {@link Acquisition} on the calling thread, which parks in between. */
final class BlockedThread implements Waiter.Wakeable {

    private final Thread thread = Thread.currentThread();

    /** Woken since it last began to look. A permit to go on may get lost: a listener that parks uses it up. */
    private volatile boolean woken;

    @Override
    public void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }

    /**
     * Returns when the acquisition is over.
     *
     * @throws InterruptedException if an interrupt may end the wait and did; nothing is left behind then
     */
    void await(EngineParts parts, Acquisition acquisition, boolean interruptible) throws InterruptedException {
        boolean interrupted = false;
        boolean over = false;
        try {
            while (!acquisition.advance(true)) {
                if (Thread.interrupted()) {
                    if (interruptible) {
                        acquisition.abandon();
                        throw new InterruptedException();
                    }
                    interrupted = true;
                }
                if (!woken) {
                    park(parts, acquisition);
                }
                woken = false;
            }
            over = true;
        } finally {
            if (!over && !acquisition.isAbandoned) {
                Leftovers leftovers = acquisition.leftovers;
                synchronized (leftovers) {
                    if (!acquisition.isLeft) {
                        acquisition.isLeft = true;
                        acquisition.next = leftovers.first;
                        leftovers.first = acquisition;
                    }
                }
            }
            if (interrupted) {
                thread.interrupt();
            }
        }
    }

    private void park(EngineParts parts, Acquisition acquisition) throws InterruptedException {
        if (thread instanceof ForkJoinWorkerThread) {
            parkInPool(parts, acquisition);
            return;
        }
        long pause = acquisition.nextLook() - parts.now();
        if (pause > 0) {
            parts.time().parkNanos(acquisition, pause);
        }
    }

    /** The pool gets another thread meanwhile: what would wake this one may be waiting there for its turn. */
    private void parkInPool(EngineParts parts, Acquisition acquisition) throws InterruptedException {
        ForkJoinPool.ManagedBlocker parking = new ForkJoinPool.ManagedBlocker() {
            @Override
            public boolean block() {
                long pause = acquisition.nextLook() - parts.now();
                if (pause > 0 && !woken) {
                    parts.time().parkNanos(acquisition, pause);
                }
                return true;
            }

            @Override
            public boolean isReleasable() {
                return woken;
            }
        };
        try {
            ForkJoinPool.managedBlock(parking);
        } catch (RejectedExecutionException e) {
            parking.block(); // the pool may have no further threads
        }
    }
}
