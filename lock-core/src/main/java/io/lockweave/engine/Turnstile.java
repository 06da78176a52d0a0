package io.lockweave.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lockweave.LockKey;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Room} with a queue in front of it.
 *
 * <p>Entering and leaving without a queue is one compare-and-set; the queue is changed under a mutex. A newcomer may
 * pass the queue when there is room at that moment, which saves the context switch that a hand-off to a parked thread
 * costs. To bound that, a waiter that has stood at the head for {@link Waiter#PATIENCE} has the next room handed to it
 * directly: the idea of the starvation mode of Go's {@code sync.Mutex}, for one hand-off at a time. Fair claims never
 * pass the queue and are always served directly.
 */
abstract class Turnstile extends Room {

    /** What the queue is changed under. */
    final ReentrantLock mutex;

    /** Whether it ends once nobody is inside and nobody waits. */
    private final boolean mortal;

    /** Made under the mutex with the first waiter, before the state says that there is one. */
    private volatile @Nullable WaiterQueue queue;

    /** One with so many units already inside. */
    Turnstile(LockKey key, int limit, int unitsInside, ReentrantLock mutex, boolean mortal) {
        super(key, limit, unitsInside);
        this.mutex = mutex;
        this.mortal = mortal;
    }

    /** It has ended: nobody is inside, nobody waits, and nobody will. May be repeated. */
    abstract void died();

    /** Leaves, and lets the next ones in or wakes them. Returns whether there was a queue at that moment. */
    final boolean leave(int units) {
        return leave(units, null);
    }

    /**
     * Leaves, maybe with a hold. It knows from the same step on that it is out, also if what follows fails: whoever
     * finishes its end then must not take the units of the next holder out.
     */
    final boolean leave(int units, @Nullable HoldProgress hold) {
        while (true) {
            int s = state();
            if ((s & DIRECT) != 0) {
                return leaveDirectly(units, hold);
            }
            boolean queued = (s & QUEUED) != 0;
            boolean dies = !queued && mortal && (s & ALL) == units;
            assert (s & ALL) >= units : "more leaves than is inside: " + describe(s);
            if (change(s, dies ? DEAD : s - units)) {
                if (hold != null) {
                    hold.stage = HoldProgress.OUT;
                }
                if (queued) {
                    signalHead();
                } else if (dies) {
                    died();
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
    private boolean leaveDirectly(int units, @Nullable HoldProgress hold) {
        boolean queued;
        Stack.ensurePlenty();
        mutex.lock();
        try {
            Waiter first = head();
            queued = first != null;
            int before = takeOut(units); // these units are the caller's: nobody else takes them out
            assert (before & ALL) >= units : "more leaves than is inside: " + describe(before);
            if (hold != null) {
                hold.stage = HoldProgress.OUT;
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
        while (waiters != null && first != null && hasRoom(state(), first.units)) {
            waiters.admitted.add(first); // first, since it needs the most stack: what comes next then does not fail
            if (letIn(first.units)) {
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
    final void followUp() {
        if (isDead()) {
            died();
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
    final void releaseAnswered() {
        for (Waiter waiter : hasQueue() ? waiters() : List.<Waiter>of()) {
            if (waiter.awaitsRelease) {
                waiter.wake();
            }
        }
    }

    /** Joins the queue; {@link #enterFromQueue} has to be tried right after. False if the gate is dead. */
    final boolean enqueue(Waiter waiter) {
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
                int s = state();
                if ((s & DEAD) != 0) {
                    waiters.remove(waiter);
                    return false;
                }
                if (change(s, s | QUEUED | (waiter.inTurn ? DIRECT : 0))) {
                    return true;
                }
            }
        } finally {
            mutex.unlock();
        }
    }

    /** Whether the waiter is inside now, either because it was let in or because it is first and there is room. */
    final boolean enterFromQueue(Waiter waiter, long now) {
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
            if (letIn(waiter.units)) {
                return true;
            }
            int s = state();
            boolean stillFull = !hasRoom(s, waiter.units);
            if (stillFull && (!waiter.overdue || change(s, s | DIRECT))) {
                return false;
            }
        }
    }

    /** Takes a waiter that gives up out of the queue. False if it was let in before that. */
    final boolean cancel(Waiter waiter) {
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
            int s = state();
            int wanted;
            if (waiters != null && waiters.head() != null) {
                wanted = waiters.wantsDirect() ? s | DIRECT : s & ~DIRECT;
            } else {
                boolean dies = mortal && (s & ALL) == 0;
                wanted = dies ? DEAD : s & ~(QUEUED | DIRECT);
            }
            if (change(s, wanted)) {
                if (wanted == DEAD) {
                    died();
                }
                return;
            }
        }
    }

    private @Nullable Waiter firstWithRoom() {
        Waiter first = head();
        return first != null && hasRoom(state(), first.units) ? first : null;
    }

    /** The waiters, first to last. */
    final List<Waiter> waiters() {
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
    final Waiter waiterOf(Owner owner) {
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
    final List<Waiter> waitersBefore(Waiter end, Predicate<Waiter> isOfInterest) {
        Stack.ensurePlenty();
        mutex.lock();
        try {
            WaiterQueue waiters = queue;
            return waiters == null ? List.of() : waiters.before(end, isOfInterest);
        } finally {
            mutex.unlock();
        }
    }
}
