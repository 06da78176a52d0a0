package io.lockweave.engine;

import io.lockweave.LockDeadlockException;
import io.lockweave.LockMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, before an owner blocks, whether its wait could ever end: a depth-first search of the wait-for graph of this
 * JVM, from the gate through those who hold it or stand before it to the gates those wait at. The graph needs no upkeep: it
 * is read off the gates. One search at a time, so that of the owners of a cycle exactly the last one to block is refused.
 *
 * <p>Others come and go while it is read, so that one reading may put together what was never true at one time. A cycle
 * counts when two readings in a row find it made of the same holds and the same places in queues: those existed all the time
 * between the two.
 */
final class Deadlocks {

    /** One for all engines, because a cycle can lead through the locks of several backends. */
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private final boolean on;

    /** Somebody who has to go before a waiter can enter: a {@link Hold}, or a {@link Waiter} before it. */
    private record Standing(Owner owner, Object proof) {}

    /** A cycle, owner by owner, and the holds and places in queues that it is made of. */
    private record Cycle(Deque<String> path, List<Object> proofs) {

        /** Forgets what a way that led nowhere has added. */
        void backTo(int steps, int proofCount) {
            while (path.size() > steps) {
                path.removeFirst();
            }
            proofs.subList(proofCount, proofs.size()).clear();
        }
    }

    Deadlocks(boolean on) {
        this.on = on;
    }

    /**
     * Notes that the owner is about to wait.
     *
     * @throws LockDeadlockException if its wait would close a cycle
     */
    void check(Owner owner, Gate gate, Waiter waiter) {
        if (!on) {
            return;
        }
        if (!owner.holdsAny()) {
            owner.waitingAt = gate; // nobody waits for it, so it cannot close a cycle
            return;
        }
        Cycle cycle;
        ONE_AT_A_TIME.lock();
        try {
            owner.waitingAt = gate;
            cycle = find(gate, owner, waiter);
            if (cycle != null) {
                owner.waitingAt = null;
            }
        } finally {
            ONE_AT_A_TIME.unlock();
        }
        if (cycle != null) {
            cycle.path.addFirst(owner + " wants " + gate.key);
            throw new LockDeadlockException(gate.key, List.copyOf(cycle.path));
        }
    }

    private static @Nullable Cycle find(Gate gate, Owner owner, Waiter waiter) {
        Cycle before = read(gate, owner, waiter);
        while (before != null) {
            Cycle now = read(gate, owner, waiter);
            if (now == null || isSame(before.proofs, now.proofs)) {
                return now;
            }
            before = now;
        }
        return null;
    }

    private static boolean isSame(List<Object> before, List<Object> now) {
        return before.size() == now.size() && IntStream.range(0, now.size()).allMatch(i -> before.get(i) == now.get(i));
    }

    private static @Nullable Cycle read(Gate gate, Owner owner, Waiter waiter) {
        Cycle cycle = new Cycle(new ArrayDeque<>(), new ArrayList<>());
        Set<Gate> visited = Collections.newSetFromMap(new IdentityHashMap<>());
        return isStuck(gate, owner, waiter, visited, cycle) ? cycle : null;
    }

    private static boolean isStuck(Gate gate, Owner seeker, Waiter from, Set<Gate> visited, Cycle cycle) {
        if (!visited.add(gate)) {
            return false;
        }
        if (gate.limit == Gate.ALL) {
            return whoStandsBefore(gate, from).stream()
                    .anyMatch(standing -> leadsBack(standing, gate, seeker, visited, cycle));
        }
        // One permit is enough, so the wait can end unless every holder is stuck; one that is only kept for a time is
        // not.
        List<Hold> holds = gate.holds();
        int steps = cycle.path.size();
        int proofs = cycle.proofs.size();
        boolean stuck = holds.size() >= gate.limit
                && holds.stream()
                        .allMatch(hold -> hold.isOpen()
                                && leadsBack(new Standing(hold.owner(), hold), gate, seeker, visited, cycle));
        if (!stuck) {
            cycle.backTo(steps, proofs);
        }
        return stuck;
    }

    private static boolean leadsBack(Standing standing, Gate gate, Owner seeker, Set<Gate> visited, Cycle cycle) {
        Owner owner = standing.owner;
        if (owner == seeker) {
            cycle.path.addFirst(owner + " has " + gate.key);
            cycle.proofs.add(standing.proof);
            return true;
        }
        Gate next = owner.waitingAt;
        if (next == null || next == gate) {
            return false;
        }
        Waiter place = next.waiters().stream()
                .filter(waiter -> waiter.owner == owner)
                .findFirst()
                .orElse(null);
        if (place == null || !isStuck(next, seeker, place, visited, cycle)) {
            return false;
        }
        cycle.proofs.add(standing.proof);
        cycle.proofs.add(place);
        cycle.path.addFirst(owner + " has or stands before others at " + gate.key + " and wants " + next.key);
        return true;
    }

    /** The holders, and those in the queue that have to be served before this waiter. */
    private static List<Standing> whoStandsBefore(Gate gate, Waiter from) {
        List<Standing> before = new ArrayList<>();
        for (Hold hold : gate.holds()) {
            if (hold.isOpen()) {
                before.add(new Standing(hold.owner(), hold));
            }
        }
        for (Waiter waiter : gate.waiters()) {
            if (waiter == from) {
                break;
            }
            if (waiter.mode == LockMode.EXCLUSIVE) {
                before.add(new Standing(waiter.owner, waiter));
            }
        }
        return before;
    }
}
