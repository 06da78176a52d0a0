package io.lockweave.engine;

import io.lockweave.LockPlace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** Who holds and re-enters locks: a thread, or a scope that hops between threads. Compared by identity. */
public final class Owner {

    private static final ThreadLocal<Owner> CURRENT = new ThreadLocal<>();
    private static final VarHandle HOLDS;

    static {
        try {
            HOLDS = MethodHandles.lookup().findVarHandle(Owner.class, "holds", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Thread thread;
    private final String name;

    @SuppressWarnings("unused") // through HOLDS
    private volatile int holds;

    /** The gate this owner is about to wait at or waits at; read by {@link Deadlocks}. */
    volatile @Nullable Gate waitingAt;

    private Owner(@Nullable Thread thread, String name) {
        this.thread = thread;
        this.name = name;
    }

    /** A new scope; the name is for messages. */
    public static Owner scope(String name) {
        return new Owner(null, name);
    }

    /** The scope bound to the calling thread, or the thread itself. */
    public static Owner current() {
        Owner owner = CURRENT.get();
        if (owner == null) {
            Thread thread = Thread.currentThread();
            owner = new Owner(thread, thread.getName());
            CURRENT.set(owner);
        }
        return owner;
    }

    /** Makes the calling thread act as the owner; returns what it acted as before, to be given to {@link #restore}. */
    public static @Nullable Owner bind(Owner owner) {
        Owner before = CURRENT.get();
        CURRENT.set(owner);
        return before;
    }

    /** Puts back what {@link #bind} returned. */
    public static void restore(@Nullable Owner before) {
        if (before == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(before);
        }
    }

    /** Whether it is a thread rather than a scope. */
    public boolean isThread() {
        return thread != null;
    }

    void holdBegan() {
        HOLDS.getAndAdd(this, 1);
    }

    void holdEnded() {
        HOLDS.getAndAdd(this, -1);
    }

    boolean holdsAny() {
        return holds > 0;
    }

    LockPlace place() {
        return new LockPlace(ThisProcess.HOST, ThisProcess.PID, toString());
    }

    @Override
    public String toString() {
        return thread == null ? "scope " + name : thread.getName();
    }
}
