package io.lockweave.engine;

import io.lockweave.LockKey;
import io.lockweave.LockPlace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;

/** Who holds and re-enters locks: a thread, or a scope that hops between threads. Compared by identity. */
public final class Owner {

    /**
     * A scope, as long as it is bound; for a thread itself a weak reference of the JDK: threads of a pool live on when an
     * application with a Lockweave of its own ends, and must not keep its classes.
     */
    private static final ThreadLocal<@Nullable Object> CURRENT = new ThreadLocal<>();

    /** Owners that still have to hear of a loss: nothing else may refer to them. */
    private static final Collection<Owner> WITH_LOSSES = ConcurrentHashMap.newKeySet();

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

    /** Whether another thread has ever acted as this thread: then its end says nothing of its holds. */
    private volatile boolean lent;

    /** Counted by the thread itself if it is the owner: without the price of an atomic step. */
    private int ownHolds;

    /** Counted by anybody else. */
    @SuppressWarnings("unused") // through HOLDS
    private volatile int holds;

    /** Holds that were lost while entered through a view: each entry is still to be given up. */
    private final Collection<Hold> lostInViews = new CopyOnWriteArraySet<>();

    /** The gate this owner is about to wait at or waits at; read by {@link Deadlocks}. */
    volatile @Nullable Gate waitingAt;

    /** Of a thread only. */
    private final @Nullable WeakReference<Owner> itself;

    private Owner(@Nullable Thread thread, String name) {
        this.thread = thread;
        this.name = name;
        this.itself = thread == null ? null : new WeakReference<>(this);
    }

    /** A new scope; the name is for messages. */
    public static Owner scope(String name) {
        return new Owner(null, name);
    }

    /** The scope bound to the calling thread, or the thread itself. */
    public static Owner current() {
        Owner owner = known();
        if (owner == null) {
            Thread thread = Thread.currentThread();
            owner = new Owner(thread, thread.getName());
            restore(owner);
        }
        return owner;
    }

    private static @Nullable Owner known() {
        Object known = CURRENT.get();
        return known instanceof WeakReference<?> itself ? (Owner) itself.get() : (Owner) known;
    }

    /** Makes the calling thread act as the owner; returns what it acted as before, to be given to {@link #restore}. */
    public static @Nullable Owner bind(Owner owner) {
        Owner before = known();
        if (owner.thread != null && owner.thread != Thread.currentThread()) {
            owner.lent = true;
        }
        CURRENT.set(owner);
        return before;
    }

    /** Puts back what {@link #bind} returned. */
    public static void restore(@Nullable Owner before) {
        if (before == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(before.thread == Thread.currentThread() ? before.itself : before);
        }
    }

    /** Whether it is a thread rather than a scope. */
    public boolean isThread() {
        return thread != null;
    }

    /** Whether nobody can act as this owner any more. */
    boolean isDeadThread() {
        return thread != null && !lent && !thread.isAlive();
    }

    void holdBegan() {
        count(1);
    }

    void holdEnded() {
        count(-1);
    }

    private void count(int by) {
        if (Thread.currentThread() == thread) {
            ownHolds += by;
        } else {
            HOLDS.getAndAdd(this, by);
        }
    }

    /** Whether it holds anything; asked by a thread that acts as this owner. */
    boolean holdsAny() {
        return ownHolds + holds > 0;
    }

    /** A hold was lost that is entered through a view. */
    void noteLost(Hold hold) {
        WITH_LOSSES.removeIf(Owner::isDeadThread);
        WITH_LOSSES.add(this);
        lostInViews.add(hold);
        if (!hold.isInView()) {
            forgetLost(hold); // the last entry was given up in between
        }
    }

    /** Counts an entry of a lost hold of this key out; null if there is none. */
    @Nullable
    Hold endViewOfLost(LockKey key, boolean write) {
        Hold found = lostInViews.stream()
                .filter(lost -> lost.key().equals(key) && lost.endViewEntry(write))
                .findFirst()
                .orElse(null);
        if (found != null && !found.isInView()) {
            forgetLost(found);
        }
        return found;
    }

    private void forgetLost(Hold hold) {
        lostInViews.remove(hold);
        if (lostInViews.isEmpty()) {
            WITH_LOSSES.remove(this);
            if (!lostInViews.isEmpty()) {
                WITH_LOSSES.add(this); // another loss came in between
            }
        }
    }

    LockPlace place() {
        return new LockPlace(ThisProcess.HOST, ThisProcess.PID, toString());
    }

    @Override
    public String toString() {
        return thread == null ? "scope " + name : thread.getName();
    }
}
