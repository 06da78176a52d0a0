package io.lockweave.engine;

import io.lockweave.HeldLock;
import org.jspecify.annotations.Nullable;

/** The innermost lock whose guarded code a thread runs. Set only while that code runs, so no thread keeps a lock. */
public final class CurrentHold {

    /** A cell of the JDK's own for each thread, which keeps no class of Lockweave when an application ends. */
    private static final ThreadLocal<@Nullable Object[]> CELL = ThreadLocal.withInitial(CurrentHold::newCell);

    private CurrentHold() {}

    private static @Nullable Object[] newCell() {
        return new @Nullable Object[1];
    }

    /** The innermost lock of the calling thread, or null. */
    public static @Nullable HeldLock get() {
        return (HeldLock) cell()[0];
    }

    /** Where the calling thread keeps it; found once for a {@link #bind} and its {@link #restore}. */
    public static @Nullable Object[] cell() {
        return CELL.get();
    }

    /** Sets it and returns the one before, to be given to {@link #restore}. */
    public static @Nullable HeldLock bind(@Nullable Object[] cell, HeldLock held) {
        HeldLock before = (HeldLock) cell[0];
        cell[0] = held;
        return before;
    }

    /** Puts back what {@link #bind} returned. */
    public static void restore(@Nullable Object[] cell, @Nullable HeldLock before) {
        cell[0] = before;
    }
}
