package io.lockweave.engine;

import io.lockweave.HeldLock;
import java.lang.System.Logger.Level;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Runs a task under a lock that is held already, and closes the lock. */
final class Guarded {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    private Guarded() {}

    static <T> T call(HeldLock held, Callable<T> task) throws Exception {
        HeldLock outer = CurrentHold.bind(held);
        T result;
        try {
            result = task.call();
        } catch (Throwable e) {
            end(held, outer, e);
            throw e;
        }
        end(held, outer, null);
        held.ensureHeld();
        return result;
    }

    static void run(HeldLock held, Runnable task) {
        HeldLock outer = CurrentHold.bind(held);
        try {
            task.run();
        } catch (Throwable e) {
            end(held, outer, e);
            throw e;
        }
        end(held, outer, null);
        held.ensureHeld();
    }

    /**
     * A task that came to its end keeps its result even if the store fails to release: the lock then ends with its
     * lease, and the failure is in the log and in the events.
     */
    private static void end(HeldLock held, @Nullable HeldLock outer, @Nullable Throwable failure) {
        CurrentHold.restore(outer);
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
