package io.lockweave.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The waiters of one gate in the order they came. Changed under the gate's mutex only; the head may be read without.
 */
final class WaiterQueue {

    private volatile @Nullable Waiter head;
    private @Nullable Waiter tail;
    private int inTurnWaiters;

    /** Those who are inside already and may not know it yet. */
    final Queue<Waiter> admitted = new ConcurrentLinkedQueue<>();

    @Nullable
    Waiter head() {
        return head;
    }

    /**
     * Whether newcomers have to wait: for a waiter that is served in turn, or for a head that has stood there too long.
     */
    boolean wantsDirect() {
        Waiter first = head;
        return inTurnWaiters > 0 || (first != null && first.overdue);
    }

    /** Wakes those who were let in. Each stays on the list until it was woken, should that fail for want of stack. */
    void wakeAdmitted() {
        for (Waiter next = admitted.peek(); next != null; next = admitted.peek()) {
            next.wake();
            admitted.remove(next);
        }
    }

    void add(Waiter waiter) {
        Waiter last = tail;
        waiter.previous = last;
        waiter.linked = true;
        tail = waiter;
        if (last == null) {
            head = waiter;
        } else {
            last.next = waiter;
        }
        inTurnWaiters += waiter.inTurn ? 1 : 0;
    }

    void remove(Waiter waiter) {
        Waiter before = waiter.previous;
        Waiter after = waiter.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        waiter.previous = null;
        waiter.next = null;
        waiter.linked = false;
        inTurnWaiters -= waiter.inTurn ? 1 : 0;
    }

    /** The first one that is of this owner, or null. */
    @Nullable
    Waiter of(Owner owner) {
        Waiter waiter = head;
        while (waiter != null && waiter.owner != owner) {
            waiter = waiter.next;
        }
        return waiter;
    }

    /** Those before this one that are of interest, first to last. */
    List<Waiter> before(Waiter end, Predicate<Waiter> isOfInterest) {
        List<Waiter> found = new ArrayList<>(0);
        for (Waiter waiter = head; waiter != null && waiter != end; waiter = waiter.next) {
            if (isOfInterest.test(waiter)) {
                found.add(waiter);
            }
        }
        return found;
    }

    /** How many stand before this one; those beyond so many are not counted. */
    int ahead(Waiter end, int most) {
        int count = 0;
        for (Waiter waiter = head; waiter != null && waiter != end && count < most; waiter = waiter.next) {
            count++;
        }
        return count;
    }

    /** A copy, first to last. */
    List<Waiter> all() {
        List<Waiter> all = new ArrayList<>();
        for (Waiter waiter = head; waiter != null; waiter = waiter.next) {
            all.add(waiter);
        }
        return all;
    }
}
