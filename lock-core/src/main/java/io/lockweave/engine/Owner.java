package io.lockweave.engine;

import io.lockweave.LockPlace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who holds and re-enters locks: a thread, or a scope that hops between threads. Compared by identity. A scope may be
 * nested in another owner, whose holds it enters again; a thread is nested in nothing.
 */
public final class Owner {

    /**
     * A scope, as long as it is bound; for a thread itself a weak reference of the JDK: threads of a pool live on when
     * an application with a Lockweave of its own ends, and must not keep its classes.
     */
    private static final ThreadLocal<@Nullable Object> CURRENT = new ThreadLocal<>();

    /**
     * Those that the calling thread acts as no more until the ones bound after them are restored; null if there are
     * none.
     */
    private static final ThreadLocal<@Nullable Below> BELOW = new ThreadLocal<>();

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
    private final @Nullable Owner parent;

    /** The nested owners of one tree that wait; the same set for all of the tree. */
    private final Set<Owner> waitingInTree;

    /** Whether another thread has ever acted as this thread: then its end says nothing of its holds. */
    private volatile boolean lent;

    /** Counted by the thread itself if it is the owner: without the price of an atomic step. */
    private int ownHolds;

    /** Counted by anybody else. */
    @SuppressWarnings("unused") // through HOLDS
    private volatile int holds;

    /** Where this owner is about to wait or waits; read by {@link DeadlockDetector}. */
    volatile @Nullable WaitingRoom waitingAt;

    /** Of a thread only. */
    private final @Nullable WeakReference<Owner> itself;

    /** The call whose end this owner's thread waits for; read by {@link DeadlockDetector}. */
    private volatile @Nullable Owner awaited;

    /** How many threads wait for the end of this call. */
    private final AtomicInteger awaiting = new AtomicInteger();

    /** Where owners wait: a {@link Gate}. */
    interface WaitingRoom {}

    /** A stack of owners of one thread. */
    private record Below(Owner owner, @Nullable Below next) {}

    private Owner(@Nullable Thread thread, String name, @Nullable Owner parent) {
        this.thread = thread;
        this.name = name;
        this.parent = parent;
        this.waitingInTree = parent == null ? ConcurrentHashMap.newKeySet() : parent.waitingInTree;
        this.itself = thread == null ? null : new WeakReference<>(this);
    }

    /** A new scope; the name is for messages. */
    public static Owner scope(String name) {
        return new Owner(null, name, null);
    }

    /**
     * A new scope inside this owner: it enters again what this one holds, and not what others nested in this one hold.
     */
    public Owner nested(String innerName) {
        return new Owner(null, innerName, this);
    }

    /** The scope bound to the calling thread, or the thread itself. */
    public static Owner current() {
        Owner owner = known();
        if (owner == null) {
            Thread thread = Thread.currentThread();
            owner = new Owner(thread, thread.getName(), null);
            CURRENT.set(owner.itself);
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
        if (before != null) {
            BELOW.set(new Below(before, BELOW.get()));
        }
        return before;
    }

    /** Puts back what {@link #bind} returned. */
    public static void restore(@Nullable Owner before) {
        if (before == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(before.thread == Thread.currentThread() ? before.itself : before);
            Below below = BELOW.get();
            if (below == null || below.next == null) {
                BELOW.remove();
            } else {
                BELOW.set(below.next);
            }
        }
    }

    /** All that the calling thread acts as, the current one first; empty if it has never acted as any. */
    static List<Owner> ofThisThread() {
        List<Owner> all = new ArrayList<>();
        Owner owner = known();
        if (owner != null) {
            all.add(owner);
        }
        all.addAll(belowOfThisThread());
        return all;
    }

    /** What the calling thread acted as when the current one was bound, and before: they go on only when it does. */
    static List<Owner> belowOfThisThread() {
        List<Owner> all = new ArrayList<>();
        for (Below below = BELOW.get(); below != null; below = below.next) {
            all.add(below.owner);
        }
        return all;
    }

    /** Whether it is a thread rather than a scope. */
    public boolean isThread() {
        return thread != null;
    }

    /** The owner it is nested in, or null. */
    @Nullable
    Owner parent() {
        return parent;
    }

    /** Whether it is that owner or nested in it. */
    boolean isWithin(Owner other) {
        for (Owner one = this; one != null; one = one.parent) {
            if (one == other) {
                return true;
            }
        }
        return false;
    }

    /** It and those it is nested in, from the inside out. */
    List<Owner> lineage() {
        List<Owner> all = new ArrayList<>();
        for (Owner one = this; one != null; one = one.parent) {
            all.add(one);
        }
        return all;
    }

    /** It waits at no gate any more. */
    void waitsNoMore() {
        waitingAt = null;
        noteWaiting();
    }

    /** Its thread is about to wait for the end of this call, or no longer does. */
    void awaits(@Nullable Owner call) {
        awaited = call;
        noteWaiting();
    }

    /** What it waits for has changed. */
    void noteWaiting() {
        if (parent == null) {
            return;
        }
        if (waitingAt == null && awaited == null) {
            waitingInTree.remove(this);
        } else {
            waitingInTree.add(this);
        }
    }

    /** One thread more, or less, waits for the end of this call. */
    void countAwaiting(int by) {
        awaiting.addAndGet(by);
    }

    /** The call whose end its thread waits for, or null. */
    @Nullable
    Owner awaited() {
        return awaited;
    }

    /** What is nested in this owner and waits, so that it has to wait too. */
    List<Owner> waitingWithin() {
        if (waitingInTree.isEmpty()) {
            return List.of();
        }
        List<Owner> waiting = new ArrayList<>();
        for (Owner one : waitingInTree) {
            if (one != this && one.isWithin(this)) {
                waiting.add(one);
            }
        }
        return waiting;
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

    /**
     * Whether anybody may wait for it: it or one it is nested in holds something or is awaited. Asked as
     * {@link #holdsAny}.
     */
    boolean isInTheWay() {
        return holdsAny() || awaiting.get() > 0 || (parent != null && parent.isInTheWay());
    }

    /** The thread that it is; null if it is a scope. */
    @Nullable
    Thread thread() {
        return thread;
    }

    LockPlace place() {
        return new LockPlace(ThisProcess.HOST, ThisProcess.PID, toString());
    }

    @Override
    public String toString() {
        return thread == null ? "scope " + name : thread.getName();
    }
}
