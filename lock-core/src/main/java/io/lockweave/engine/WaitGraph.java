package io.lockweave.engine;

import io.lockweave.LockMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for whom, as far as one owner's wait depends on it. An owner waits for the room of its gate, and for those before
 * it in the queue who wait elsewhere too. A room waits for all who are inside; if it has permits, one of them is enough.
 *
 * <p>To see who is stuck, everything that ends is taken away: owners who do not wait, then what waited for nothing else, and
 * so on. What is left waits for itself. Each part is looked at once and without recursion, so that neither a long chain nor
 * many holders of one gate are a problem.
 */
final class WaitGraph {

    /** A cycle through the owner who asked: a line for each owner, and the holds and places in queues it is made of. */
    record Cycle(List<String> path, Set<Object> proofs) {}

    /** What one part waits for, and the hold or place in a queue that says so. */
    private record Reason(Part until, Object proof) {}

    /** An owner, or the room of a gate if it has no owner. */
    private static final class Part {

        private final @Nullable Owner owner;
        private final @Nullable Gate gate;

        /** It ends when it waits for no more than so many others. */
        private final int enough;

        private final List<Reason> reasons = new ArrayList<>(1);
        private final List<Part> waiters = new ArrayList<>(1);
        private int waitsFor;
        private boolean ends;

        Part(@Nullable Owner owner, @Nullable Gate gate, int enough) {
            this.owner = owner;
            this.gate = gate;
            this.enough = enough;
        }

        void waitFor(Part other, Object proof) {
            reasons.add(new Reason(other, proof));
            other.waiters.add(this);
            waitsFor++;
        }
    }

    private final Owner seeker;
    private final Part start;
    private final IdentityHashMap<Owner, Part> owners = new IdentityHashMap<>();
    private final IdentityHashMap<Gate, Part> rooms = new IdentityHashMap<>();
    private final IdentityHashMap<Part, Waiter> unread = new IdentityHashMap<>();
    private final Deque<Part> toRead = new ArrayDeque<>();

    private WaitGraph(Owner seeker, Gate gate, Waiter place) {
        this.seeker = seeker;
        this.start = add(seeker, gate, place);
    }

    /** Reads what the wait of this owner depends on. */
    static WaitGraph read(Owner seeker, Gate gate, Waiter place) {
        WaitGraph graph = new WaitGraph(seeker, gate, place);
        graph.readAll();
        graph.takeAwayWhatEnds();
        return graph;
    }

    private Part add(Owner owner, @Nullable Gate gate, @Nullable Waiter place) {
        Part part = new Part(owner, place == null ? null : gate, 0);
        owners.put(owner, part);
        if (place != null) {
            unread.put(part, place);
            toRead.add(part);
        }
        return part;
    }

    private Part part(Owner owner) {
        Part known = owners.get(owner);
        if (known != null) {
            return known;
        }
        Gate gate = owner.waitingAt;
        return add(owner, gate, gate == null ? null : gate.waiterOf(owner));
    }

    private void readAll() {
        while (true) {
            Part waiting = toRead.poll();
            Gate gate = waiting == null ? null : waiting.gate;
            if (waiting == null || gate == null) {
                return;
            }
            Waiter place = unread.remove(waiting);
            if (place == null) {
                continue;
            }
            waiting.waitFor(room(gate), place);
            if (gate.limit == Gate.ALL && Deadlocks.someWaitInSeveralPlaces()) {
                gate.waitersBefore(place, other -> isInTheWay(other, gate))
                        .forEach(other -> waiting.waitFor(part(other.owner), other));
            }
        }
    }

    /** Those who only wait here have to go in as well, but that depends on nothing else than the wait that is looked at. */
    private boolean isInTheWay(Waiter other, Gate gate) {
        Gate elsewhere = other.owner.waitingAt;
        return other.mode == LockMode.EXCLUSIVE && (other.owner == seeker || (elsewhere != null && elsewhere != gate));
    }

    private Part room(Gate gate) {
        Part known = rooms.get(gate);
        if (known != null) {
            return known;
        }
        Part room = new Part(null, gate, gate.limit == Gate.ALL ? 0 : gate.limit - 1);
        rooms.put(gate, room);
        for (Hold hold : gate.holds()) {
            if (hold.isOpen() && (hold.owner() == seeker || hold.owner().waitingAt != gate)) {
                room.waitFor(part(hold.owner()), hold);
            }
        }
        return room;
    }

    private void takeAwayWhatEnds() {
        Deque<Part> ending = new ArrayDeque<>();
        owners.values().forEach(part -> endIfItCan(part, ending));
        rooms.values().forEach(part -> endIfItCan(part, ending));
        for (Part part = ending.poll(); part != null; part = ending.poll()) {
            for (Part waiter : part.waiters) {
                waiter.waitsFor--;
                endIfItCan(waiter, ending);
            }
        }
    }

    private static void endIfItCan(Part part, Deque<Part> ending) {
        if (!part.ends && part.waitsFor <= part.enough) {
            part.ends = true;
            ending.add(part);
        }
    }

    /** A shortest cycle through the owner who asked, or null if its wait can end. */
    @Nullable
    Cycle cycle() {
        if (start.ends) {
            return null;
        }
        IdentityHashMap<Part, Part> foundFrom = new IdentityHashMap<>();
        Set<Object> proofs = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Part> toFollow = new ArrayDeque<>(List.of(start));
        for (Part part = toFollow.poll(); part != null; part = toFollow.poll()) {
            for (Reason reason : part.reasons) {
                if (reason.until.ends) {
                    continue;
                }
                proofs.add(reason.proof);
                if (foundFrom.putIfAbsent(reason.until, part) == null && reason.until != start) {
                    toFollow.add(reason.until);
                }
            }
        }
        return foundFrom.containsKey(start) ? new Cycle(describe(foundFrom), proofs) : null;
    }

    private List<String> describe(IdentityHashMap<Part, Part> foundFrom) {
        Deque<String> path = new ArrayDeque<>();
        Part part = start;
        do {
            Part from = foundFrom.get(part);
            if (from == null || from.gate == null) {
                throw new IllegalStateException("a way from the start leads through gates");
            }
            if (part == start) {
                path.addFirst(seeker + " has " + from.gate.key);
            } else if (part.owner != null && part.gate != null) {
                path.addFirst(part.owner + " has or stands before others at " + from.gate.key + " and wants "
                        + part.gate.key);
            }
            part = from;
        } while (part != start);
        if (start.gate != null) {
            path.addFirst(seeker + " wants " + start.gate.key);
        }
        return List.copyOf(path);
    }
}
