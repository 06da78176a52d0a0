package io.lockweave.engine;

import io.lockweave.HeldLock;
import org.jspecify.annotations.Nullable;

/** The innermost lock whose guarded code a thread runs. Set only while that code runs, so no thread keeps a lock. */
public final class CurrentHold {

    private static final ThreadLocal<@Nullable HeldLock> CURRENT = new ThreadLocal<>();

    private CurrentHold() {}

    /** The innermost lock of the calling thread, or null. */
    public static @Nullable HeldLock get() {
        return CURRENT.get();
    }

    /** Sets it and returns the one before, to be given to {@link #restore}. */
    public static @Nullable HeldLock bind(HeldLock held) {
        HeldLock before = CURRENT.get();
        CURRENT.set(held);
        return before;
    }

    /**
     * Puts back what {@link #bind} returned. Not {@code remove}: the next {@code set} would have to make its entry
     * anew.
     */
    public static void restore(@Nullable HeldLock before) {
        CURRENT.set(before);
    }
}
