package io.lockweave.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lockweave.LockKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The queue of one key in this JVM. A gate has room for a number of units: a shared or permit claim takes one, an
 * exclusive claim takes all. Inside the gate a claim of the local backend has its lock; a claim of a store goes on to
 * the store, so that many waiting threads are one remote waiter.
 *
 * <p>Entering and leaving without a queue is one compare-and-set on {@link #state}; the queue is changed under a mutex.
 * A newcomer may pass the queue when there is room at that moment, which saves the context switch that a hand-off to a
 * parked thread costs. To bound that, a waiter that has stood at the head for {@link Waiter#PATIENCE} has the next room
 * handed to it directly: the idea of the starvation mode of Go's {@code sync.Mutex}, for one hand-off at a time. Fair
 * claims never pass the queue and are always served directly.
 *
 * <p>A gate of a registry that nobody uses is dead and out of the registry; whoever still finds it there looks again.
 */
final class Gate extends Occupants {

    /** The room of a gate for exclusive and shared claims: an exclusive claim takes all of it. */
    static final int ALL = (1 << 24) - 1;

    private static final int QUEUED = 1 << 24;
    private static final int DIRECT = 1 << 25;
    private static final int DEAD = 1 << 26;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Gate.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What came of an attempt to enter. */
    enum Entry {
        ENTERED,
        FULL,
        DEAD
    }

    private final @Nullable Gates registry;

    /** Made under the mutex with the first waiter, before the state says that there is one. */
    private volatile @Nullable WaiterQueue queue;

    /** The units inside in the low bits, and what is to be known of the queue. */
    private volatile int state;

    /** What is known of the store for this key; made when first needed. */
    private volatile @Nullable StoreSide storeSide;

    /** A gate with so many units already inside; without a registry it never dies. */
    Gate(LockKey key, int limit, int unitsInside, @Nullable Gates registry, ReentrantLock mutex) {
        super(key, limit, mutex);
        this.registry = registry;
        STATE.setRelease(this, unitsInside);
    }

    /** The key as people are to read it. */
    LockKey fullKey() {
        return registry == null ? key : registry.fullKey(this);
    }

    /** The same for a hold, which knows from the same step on that it is inside. */
    Entry tryEnter(Hold hold) {
        Entry entry = tryEnter(hold.units(), hold.ask().inTurn());
        if (entry == Entry.ENTERED) {
            hold.stage = Hold.INSIDE;
        }
        return entry;
    }

    /** Enters if there is room and nobody has to be let in first. */
    Entry tryEnter(int units, boolean inTurn) {
        while (true) {
            int s = state;
            if ((s & DEAD) != 0) {
                return Entry.DEAD;
            }
            boolean behindOthers = (s & QUEUED) != 0 && !mayPass(s, units, inTurn);
            if (behindOthers || !hasRoom(s, units)) {
                return Entry.FULL;
            }
            if (STATE.compareAndSet(this, s, s + units)) {
                return Entry.ENTERED;
            }
        }
    }

    /** Shared claims never pass: only an exclusive claim at the head makes them queue, and they would starve it. */
    private boolean mayPass(int s, int units, boolean inTurn) {
        return !inTurn && (s & DIRECT) == 0 && (units == limit || limit != ALL);
    }

    /** Leaves, and lets the next ones in or wakes them. Returns whether there was a queue at that moment. */
    boolean leave(int units) {
        return leave(units, null);
    }

    /**
     * Leaves with a hold. It knows from the same step on that it is out, also if what follows fails: whoever finishes
     * its end then must not take the units of the next holder out.
     */
    boolean leave(Hold hold) {
        return leave(hold.units(), hold);
    }

    private boolean leave(int units, @Nullable Hold hold) {
        while (true) {
            int s = state;
            if ((s & DIRECT) != 0) {
                return leaveDirectly(units, hold);
            }
            boolean queued = (s & QUEUED) != 0;
            boolean dies = !queued && registry != null && (s & ALL) == units;
            assert (s & ALL) >= units : "more leaves than is inside: " + describe(s);
            if (STATE.compareAndSet(this, s, dies ? DEAD : s - units)) {
                if (hold != null) {
                    hold.stage = Hold.OUT;
                }
                if (queued) {
                    signalHead();
                } else if (dies) {
                    unregister();
                }
                return queued;
            }
        }
    }

    private void signalHead() {
        Waiter first = head();
        if (first != null) {
            first.signal();
        }
    }

    private @Nullable Waiter head() {
        WaiterQueue known = queue;
        return known == null ? null : known.head();
    }

    /**
     * Leaves under the mutex and lets the first ones in. Waiting for the mutex takes time: a waiter that gave up may
     * have ended the direct service since, and then a newcomer may be quicker than the head of the queue.
     */
    private boolean leaveDirectly(int units, @Nullable Hold hold) {
        boolean queued;
        Stack.ensurePlenty();
        mutex.lock();
        try {
            Waiter first = head();
            queued = first != null;
            int before =
                    (int) STATE.getAndAdd(this, -units); // these units are the caller's: nobody else takes them out
            assert (before & ALL) >= units : "more leaves than is inside: " + describe(before);
            if (hold != null) {
                hold.stage = Hold.OUT;
            }
            admitFirst();
            settle();
        } finally {
            mutex.unlock();
        }
        wakeAdmitted();
        return queued;
    }

    /** Lets in the first ones, as long as there is room; {@link #wakeAdmitted} has to follow. */
    @GuardedBy("mutex")
    private void admitFirst() {
        WaiterQueue waiters = queue;
        Waiter first = head();
        while (waiters != null && first != null && hasRoom(state, first.units)) {
            waiters.admitted.add(first); // first, since it needs the most stack: what comes next then does not fail
            if (letIn(first)) {
                leaveQueue(first, Waiter.INSIDE);
            }
            first = head();
        }
    }

    private void wakeAdmitted() {
        WaiterQueue waiters = queue;
        if (waiters != null) {
            waiters.wakeAdmitted();
        }
    }

    /**
     * What follows when somebody has left, done again because it failed half-way: to wake once too often does no harm.
     */
    void followUp() {
        if (isDead()) {
            unregister();
            return;
        }
        wakeAdmitted();
        Stack.ensurePlenty();
        mutex.lock();
        try {
            admitFirst();
            settle();
        } finally {
            mutex.unlock();
        }
        wakeAdmitted();
        Waiter first = head();
        if (first != null) {
            first.wake();
        }
    }

    /** Wakes those who came while a release was under way: it is over, and their wait time may be over too. */
    void releaseAnswered() {
        for (Waiter waiter : hasQueue() ? waiters() : List.<Waiter>of()) {
            if (waiter.awaitsRelease) {
                waiter.wake();
            }
        }
    }

    /** Joins the queue; {@link #enterFromQueue} has to be tried right after. False if the gate is dead. */
    boolean enqueue(Waiter waiter) {
        Stack.ensurePlenty();
        mutex.lock();
        try {
            WaiterQueue waiters = queue;
            if (waiters == null) {
                waiters = new WaiterQueue();
                queue = waiters;
            }
            waiters.add(waiter);
            while (true) {
                int s = state;
                if ((s & DEAD) != 0) {
                    waiters.remove(waiter);
                    return false;
                }
                if (STATE.compareAndSet(this, s, s | QUEUED | (waiter.inTurn ? DIRECT : 0))) {
                    return true;
                }
            }
        } finally {
            mutex.unlock();
        }
    }

    /** Whether the waiter is inside now, either because it was let in or because it is first and there is room. */
    boolean enterFromQueue(Waiter waiter, long now) {
        Waiter next;
        Stack.ensurePlenty();
        mutex.lock();
        try {
            if (!waiter.linked) {
                return waiter.status() == Waiter.INSIDE;
            }
            waiter.rearm(); // not before: waiting for the mutex may have used up the wake-up of an earlier signal
            if (head() != waiter || !enterAsHead(waiter, now)) {
                return false;
            }
            leaveQueue(waiter, Waiter.INSIDE);
            settle();
            next = firstWithRoom();
        } finally {
            mutex.unlock();
        }
        if (next != null) {
            next.signal();
        }
        return true;
    }

    @GuardedBy("mutex")
    private boolean enterAsHead(Waiter waiter, long now) {
        waiter.isAtHead(now);
        while (true) {
            if (letIn(waiter)) {
                return true;
            }
            int s = state;
            boolean stillFull = !hasRoom(s, waiter.units);
            if (stillFull && (!waiter.overdue || STATE.compareAndSet(this, s, s | DIRECT))) {
                return false;
            }
        }
    }

    /** The only way in for a waiter. Its units are added by whoever sees room for them, in one step. */
    @GuardedBy("mutex")
    private boolean letIn(Waiter waiter) {
        while (true) {
            int s = state;
            if (!hasRoom(s, waiter.units)) {
                return false;
            }
            if (STATE.compareAndSet(this, s, s + waiter.units)) {
                return true;
            }
        }
    }

    /** Takes a waiter that gives up out of the queue. False if it was let in before that. */
    boolean cancel(Waiter waiter) {
        Waiter next;
        Stack.ensurePlenty();
        mutex.lock();
        try {
            if (!waiter.linked) {
                return waiter.status() != Waiter.INSIDE;
            }
            WaiterQueue waiters = queue;
            waiter.ahead = waiters == null ? 0 : waiters.ahead(waiter, Waiter.MOST_AHEAD);
            leaveQueue(waiter, Waiter.GONE);
            settle();
            next = firstWithRoom();
        } finally {
            mutex.unlock();
        }
        if (next != null) {
            next.signal();
        }
        return true;
    }

    /** Takes a waiter out, who then is inside or gone. */
    @GuardedBy("mutex")
    private void leaveQueue(Waiter waiter, int end) {
        WaiterQueue waiters = queue;
        if (waiters != null) {
            waiters.remove(waiter);
        }
        waiter.leftQueue(end);
    }

    /** Brings the state in line with the queue. */
    @GuardedBy("mutex")
    private void settle() {
        WaiterQueue waiters = queue;
        while (true) {
            int s = state;
            int wanted;
            if (waiters != null && waiters.head() != null) {
                wanted = waiters.wantsDirect() ? s | DIRECT : s & ~DIRECT;
            } else {
                boolean dies = registry != null && (s & ALL) == 0;
                wanted = dies ? DEAD : s & ~(QUEUED | DIRECT);
            }
            if (STATE.compareAndSet(this, s, wanted)) {
                if (wanted == DEAD) {
                    unregister();
                }
                return;
            }
        }
    }

    private @Nullable Waiter firstWithRoom() {
        Waiter first = head();
        return first != null && hasRoom(state, first.units) ? first : null;
    }

    private boolean hasRoom(int s, int units) {
        return (s & ALL) + units <= limit;
    }

    private void unregister() {
        if (registry != null) {
            registry.remove(this);
        }
    }

    /** The units inside. */
    int inside() {
        return state & ALL;
    }

    /** Whether whoever leaves lets the first waiters in. */
    boolean isDirect() {
        return (state & DIRECT) != 0;
    }

    boolean isDead() {
        return (state & DEAD) != 0;
    }

    boolean hasQueue() {
        return (state & QUEUED) != 0;
    }

    private static String describe(int s) {
        return (s & ALL)
                + " units inside"
                + ((s & QUEUED) == 0 ? "" : ", queued")
                + ((s & DIRECT) == 0 ? "" : ", direct")
                + ((s & DEAD) == 0 ? "" : ", dead");
    }

    @Override
    public String toString() {
        return "gate of " + key + ": " + describe(state);
    }

    /** The waiters, first to last. */
    List<Waiter> waiters() {
        Stack.ensurePlenty();
        mutex.lock();
        try {
            WaiterQueue waiters = queue;
            return waiters == null ? List.of() : waiters.all();
        } finally {
            mutex.unlock();
        }
    }

    /** The first waiter of this owner, or null. */
    @Nullable
    Waiter waiterOf(Owner owner) {
        Stack.ensurePlenty();
        mutex.lock();
        try {
            WaiterQueue waiters = queue;
            return waiters == null ? null : waiters.of(owner);
        } finally {
            mutex.unlock();
        }
    }

    /** The waiters of interest that stand before this one, first to last. */
    List<Waiter> waitersBefore(Waiter end, Predicate<Waiter> isOfInterest) {
        Stack.ensurePlenty();
        mutex.lock();
        try {
            WaiterQueue waiters = queue;
            return waiters == null ? List.of() : waiters.before(end, isOfInterest);
        } finally {
            mutex.unlock();
        }
    }

    /** What is known of the store for this key, or null if nothing yet. */
    @Nullable
    StoreSide knownStoreSide() {
        return storeSide;
    }

    /** What is known of the store for this key. */
    StoreSide storeSide() {
        StoreSide side = storeSide;
        if (side == null) {
            Stack.ensurePlenty();
            mutex.lock();
            try {
                side = storeSide;
                if (side == null) {
                    side = new StoreSide(key);
                    storeSide = side;
                }
            } finally {
                mutex.unlock();
            }
        }
        return side;
    }
}
