package io.lockweave.testkit;

import java.util.concurrent.TimeUnit;

/** Starts and ends the threads of the testkit. */
public final class Threads {

    private static final long LONGEST_JOIN_SECONDS = 60;

    private Threads() {}

    /** Starts a daemon thread of this name. */
    public static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Waits for the end of a thread even if interrupted; the flag is kept. */
    public static void join(Thread thread) {
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_JOIN_SECONDS);
        while (thread.isAlive()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new IllegalStateException(thread + " did not end within " + LONGEST_JOIN_SECONDS + " s");
            }
            try {
                thread.join(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
