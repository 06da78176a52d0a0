package io.lockweave.testservers.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Signals to processes of this machine. */
public final class Signals {

    private static final int PATIENCE_SECONDS = 30;

    private Signals() {}

    /** Stops a process in the middle of what it does ({@code kill -STOP}). */
    public static void freeze(long pid) {
        send("-STOP", pid);
    }

    /** Lets a frozen process go on ({@code kill -CONT}). */
    public static void thaw(long pid) {
        send("-CONT", pid);
    }

    private static void send(String signal, long pid) {
        try {
            Process kill = new ProcessBuilder("kill", signal, String.valueOf(pid))
                    .inheritIO()
                    .start();
            if (!kill.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("cannot send " + signal + " to process " + pid);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("there is no kill command here", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending " + signal, e);
        }
    }

    static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("process " + process.pid() + " does not end", e);
        }
    }
}
