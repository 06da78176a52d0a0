package io.lockweave.engine;

import io.lockweave.HeldLock;
import java.lang.System.Logger.Level;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Runs a task under a lock that is held already, and closes the lock. */
final class TaskUnderLock {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    private TaskUnderLock() {}

    static <T> T call(HeldLock held, Callable<T> task) throws Exception {
        @Nullable Object[] current = CurrentHold.cell();
        HeldLock outer = CurrentHold.bind(current, held);
        T result;
        try {
            result = task.call();
        } catch (Throwable e) {
            CurrentHold.restore(current, outer);
            end(held, e);
            throw e;
        }
        CurrentHold.restore(current, outer);
        end(held, null);
        held.ensureHeld();
        return result;
    }

    static void run(HeldLock held, Runnable task) {
        @Nullable Object[] current = CurrentHold.cell();
        HeldLock outer = CurrentHold.bind(current, held);
        try {
            task.run();
        } catch (Throwable e) {
            CurrentHold.restore(current, outer);
            end(held, e);
            throw e;
        }
        CurrentHold.restore(current, outer);
        end(held, null);
        held.ensureHeld();
    }

    /**
     * A task that came to its end keeps its result even if the store fails to release: the lock then ends with its
     * lease, and the failure is in the log and in the events.
     */
    private static void end(HeldLock held, @Nullable Throwable failure) {
        try {
            held.close();
        } catch (RuntimeException | Error e) {
            if (failure != null) {
                failure.addSuppressed(e);
            } else if (e instanceof Error error) {
                throw error;
            } else {
                LOG.log(Level.DEBUG, () -> "The work under " + held + " is done although its release failed");
            }
        }
    }
}
