package io.lockweave.invoke;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Interrupts the worker when its lock is lost, and never after the method: the end of the method and the interrupt exclude
 * each other, and an interrupt from here that the method did not notice is taken back. One that somebody else had sent before
 * stays; one sent after ours cannot be told from it, and the exception for the lost lock stands for both.
 */
final class LossInterrupt {

    private final Thread worker = Thread.currentThread();
    private final ReentrantLock lock = new ReentrantLock();
    private boolean over;
    private boolean interrupted;

    void lost() {
        lock.lock();
        try {
            if (!over && !worker.isInterrupted()) {
                interrupted = true;
                worker.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Called by the worker when the method has ended. */
    void end() {
        lock.lock();
        try {
            over = true;
            if (interrupted) {
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }
}
