package io.lockweave.engine;

import io.lockweave.LockKey;
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
 * Who waits for whom, as far as one owner's wait depends on it. An owner waits for the room of its gate, and for those
 * before it in the queue who wait elsewhere too. A room waits for all who are inside; if it has permits, one of them is
 * enough.
 *
 * <p>To see who is stuck, everything that ends is taken away: owners who do not wait, then what waited for nothing
 * else, and so on. What is left waits for itself. Each part is looked at once and without recursion, so that neither a
 * long chain nor many holders of one gate are a problem.
 */
final class WaitGraph {

    /**
     * A cycle through the owner who asked.
     *
     * @param path a line for each owner
     * @param proofs the holds, places in queues and calls it is made of
     * @param wanted the first key on it that an owner waits for
     */
    record Cycle(List<String> path, Set<Object> proofs, LockKey wanted) {}

    /** What one part waits for, and the hold, the place in a queue or the call that says so. */
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

    private WaitGraph(Owner seeker, @Nullable Gate gate, @Nullable Waiter place) {
        this.seeker = seeker;
        this.start = add(seeker, gate, place);
    }

    /** Reads what the wait of this owner depends on. */
    static WaitGraph read(Owner seeker, Gate gate, Waiter place) {
        return read(new WaitGraph(seeker, gate, place));
    }

    /** The same for an owner whose thread waits for the end of a call. */
    static WaitGraph read(Owner seeker) {
        return read(new WaitGraph(seeker, null, null));
    }

    private static WaitGraph read(WaitGraph graph) {
        graph.readAll();
        graph.takeAwayWhatEnds();
        return graph;
    }

    private Part add(Owner owner, @Nullable Gate gate, @Nullable Waiter place) {
        Part part = new Part(owner, place == null ? null : gate, 0);
        owners.put(owner, part);
        if (place != null) {
            unread.put(part, place);
        }
        toRead.add(part);
        return part;
    }

    private Part part(Owner owner) {
        Part known = owners.get(owner);
        if (known != null) {
            return known;
        }
        Gate gate = owner.waitingAt instanceof Gate at ? at : null;
        return add(owner, gate, gate == null ? null : gate.waiterOf(owner));
    }

    private void readAll() {
        for (Part part = toRead.poll(); part != null; part = toRead.poll()) {
            readQueue(part);
            readCalls(part);
        }
    }

    private void readQueue(Part waiting) {
        Gate gate = waiting.gate;
        Waiter place = unread.remove(waiting);
        if (gate == null || place == null) {
            return;
        }
        waiting.waitFor(room(gate), place);
        if (gate.limit == Room.ALL && DeadlockDetector.someWaitInSeveralPlaces()) {
            gate.waitersBefore(place, other -> isInTheWay(other, gate))
                    .forEach(other -> waiting.waitFor(part(other.owner), other));
        }
    }

    /** An owner waits for what is nested in it, and for the call whose end its thread waits for. */
    private void readCalls(Part waiting) {
        Owner owner = waiting.owner;
        if (owner == null) {
            return;
        }
        for (Owner inner : owner.waitingWithin()) {
            waiting.waitFor(part(inner), inner);
        }
        Owner call = owner.awaited();
        if (call != null) {
            waiting.waitFor(part(call), call);
        }
    }

    /**
     * Those who only wait here have to go in as well, but that depends on nothing else than the wait that is looked at.
     */
    private boolean isInTheWay(Waiter other, Gate gate) {
        Owner.WaitingRoom elsewhere = other.owner.waitingAt;
        return other.mode == LockMode.EXCLUSIVE && (other.owner == seeker || (elsewhere != null && elsewhere != gate));
    }

    private Part room(Gate gate) {
        Part known = rooms.get(gate);
        if (known != null) {
            return known;
        }
        Part room = new Part(null, gate, gate.limit == Room.ALL ? 0 : gate.limit - 1);
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
        return foundFrom.containsKey(start) ? describe(foundFrom, proofs) : null;
    }

    private @Nullable Cycle describe(IdentityHashMap<Part, Part> foundFrom, Set<Object> proofs) {
        Deque<String> path = new ArrayDeque<>();
        LockKey wanted = null;
        Part part = start;
        do {
            Part from = foundFrom.get(part);
            if (from == null) {
                throw new IllegalStateException("it was found from the start");
            }
            if (part.owner == null && part.gate != null) {
                wanted = part.gate.fullKey();
            } else {
                path.addFirst(describe(from, part));
            }
            part = from;
        } while (part != start);
        if (start.gate != null) {
            path.addFirst(seeker + " wants " + start.gate.fullKey());
        }
        return wanted == null ? null : new Cycle(List.copyOf(path), proofs, wanted);
    }

    /** What an owner is that this part waits for, and what that one waits for itself. */
    private String describe(Part from, Part part) {
        String wants = part == start || part.gate == null ? "" : " wants " + part.gate.fullKey();
        boolean isCall = from.owner != null
                && from.reasons.stream().anyMatch(reason -> reason.until == part && reason.proof == part.owner);
        if (isCall) {
            String waits = from.owner + " waits for the end of " + part.owner;
            return wants.isEmpty() ? waits : waits + ", which" + wants;
        }
        String at = from.gate == null ? "" : from.gate.fullKey().toString();
        return part == start
                ? seeker + " has " + at
                : part.owner + " has or stands before others at " + at + (wants.isEmpty() ? "" : " and" + wants);
    }
}
