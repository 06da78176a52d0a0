package io.lockweave.engine;

import io.lockweave.LockBackendException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What threads without stack or memory have left half-way. They can tell nobody. So the timer's thread looks here
 * whenever it runs, and it runs every now and then while somebody may wait for what is left: a waiter of this JVM, or
 * of another one.
 */
final class Leftovers {

    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(100);

    /** The list, for those who have no stack for a call; see {@link Leftover}. */
    volatile @Nullable Leftover first;

    private final Timers timers;
    private final BooleanSupplier isAwaited;
    private volatile boolean looks;

    Leftovers(Timers timers, BooleanSupplier isAwaited) {
        this.timers = timers;
        this.isAwaited = isAwaited;
        timers.beforeEach(this::finish);
    }

    /** Somebody begins to wait, or to keep what others wait for. */
    void watch() {
        if (!looks) {
            looks = true;
            boolean planned = false;
            try {
                timers.after(LOOK, this::look);
                planned = true;
            } catch (LockBackendException e) {
                // no thread at the moment: whoever waits next tries again
            } finally {
                if (!planned) {
                    looks = false;
                }
            }
        }
    }

    /** On the timer's thread, which has finished what was left before it came here. */
    private void look() {
        looks = false; // before looking: who comes after that look sees it
        if (isAwaited.getAsBoolean()) {
            watch();
        }
    }

    /** On the timer's thread. */
    private void finish() {
        Leftover one = first == null ? null : take();
        while (one != null) {
            timers.after(0, one::finish);
            one = take();
        }
    }

    private @Nullable Leftover take() {
        synchronized (this) {
            Leftover taken = first;
            if (taken != null) {
                first = taken.next;
                taken.next = null;
                taken.isLeft = false;
            }
            return taken;
        }
    }
}
