package io.lockweave.engine;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A machine on which, on demand, no thread can be started: as the JVM does, {@link Thread#start} fails with an error.
 */
final class FewThreads implements ThreadFactory {

    final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger started = new AtomicInteger();

    /** While set, every start fails. */
    volatile boolean none;

    /** This start fails, counted from 1, and no other. */
    volatile int failing;

    @Override
    public Thread newThread(Runnable body) {
        Thread thread = new Thread(body) {
            @Override
            public void start() {
                if (started.incrementAndGet() == failing || none) {
                    refused.incrementAndGet();
                    throw new OutOfMemoryError("unable to create native thread, as the test wants it");
                }
                super.start();
            }
        };
        thread.setDaemon(true);
        return thread;
    }

    int started() {
        return started.get();
    }
}
