package io.lockweave.engine;

import java.util.concurrent.locks.LockSupport;

/** Drives an {@link Acquisition} on the calling thread, which parks in between. */
final class BlockedThread implements Waiter.Sleeper {

    private final Thread thread = Thread.currentThread();

    @Override
    public void wake() {
        LockSupport.unpark(thread);
    }

    /**
     * Returns when the acquisition is over.
     *
     * @throws InterruptedException if an interrupt may end the wait and did; nothing is left behind then
     */
    void await(Core core, Acquisition acquisition, boolean interruptible) throws InterruptedException {
        boolean interrupted = false;
        try {
            while (!acquisition.advance(true)) {
                if (Thread.interrupted()) {
                    if (interruptible) {
                        acquisition.abandon();
                        throw new InterruptedException();
                    }
                    interrupted = true;
                }
                long pause = acquisition.nextLook() - core.now();
                if (pause > 0) {
                    core.time().parkNanos(acquisition, pause);
                }
            }
        } finally {
            if (interrupted) {
                thread.interrupt();
            }
        }
    }
}
