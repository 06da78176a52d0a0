package io.lockweave.engine;

import io.lockweave.LockKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How much room one key has, and how much of it is taken: a shared or permit claim takes one unit, an exclusive claim
 * takes all. To come in without a queue is one compare-and-set on {@link #state}, and to leave as well.
 */
abstract class Room {

    /** The room of a key for exclusive and shared claims: an exclusive claim takes all of it. */
    static final int ALL = (1 << 24) - 1;

    static final int QUEUED = 1 << 24;
    static final int DIRECT = 1 << 25;
    static final int DEAD = 1 << 26;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Room.class, "state", int.class);
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

    final LockKey key;

    /** How many units there is room for. */
    final int limit;

    /** The units inside in the low bits, and what is to be known of the queue. */
    private volatile int state;

    Room(LockKey key, int limit, int unitsInside) {
        this.key = key;
        this.limit = limit;
        STATE.setRelease(this, unitsInside);
    }

    /** Enters if there is room and nobody has to be let in first. */
    final Entry tryEnter(int units, boolean inTurn) {
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

    /** The only way in for a waiter. Its units are added by whoever sees room for them, in one step. */
    final boolean letIn(int units) {
        while (true) {
            int s = state;
            if (!hasRoom(s, units)) {
                return false;
            }
            if (STATE.compareAndSet(this, s, s + units)) {
                return true;
            }
        }
    }

    final boolean hasRoom(int s, int units) {
        return (s & ALL) + units <= limit;
    }

    /** All of it as it is now. */
    final int state() {
        return state;
    }

    /** Puts the second state in the place of the first, if that is still so. */
    final boolean change(int from, int to) {
        return STATE.compareAndSet(this, from, to);
    }

    /** Takes units out that are the caller's, whatever the flags are; returns what was before. */
    final int takeOut(int units) {
        return (int) STATE.getAndAdd(this, -units);
    }

    /** The units inside. */
    final int inside() {
        return state & ALL;
    }

    /** Whether whoever leaves lets the first waiters in. */
    final boolean isDirect() {
        return (state & DIRECT) != 0;
    }

    final boolean isDead() {
        return (state & DEAD) != 0;
    }

    final boolean hasQueue() {
        return (state & QUEUED) != 0;
    }

    static String describe(int s) {
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
}
