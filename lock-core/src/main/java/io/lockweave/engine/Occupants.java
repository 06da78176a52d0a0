package io.lockweave.engine;

import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who is inside a gate, and the fences they get there if no store gives them out. A {@link Gate} is one rather than
 * having one, so that a lock in use takes one object less.
 */
abstract class Occupants {

    /** How many fences the exclusive holders of a gate that is used again take from the counters at a time. */
    private static final int FENCES = 16;

    private static final VarHandle HOLDERS;

    static {
        try {
            HOLDERS = MethodHandles.lookup().findVarHandle(Occupants.class, "holders", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final LockKey key;

    /** How many units there is room for. */
    final int limit;

    /** What the queue is changed under. */
    final ReentrantLock mutex;

    /** Nobody, one exclusive {@link Hold}, or a {@link Crowd}. */
    private volatile @Nullable Object holders;

    /** The next fence of an exclusive holder, and where those at hand end; only who is inside changes them. */
    private long fence;

    private long fenceEnd;

    Occupants(LockKey key, int limit, ReentrantLock mutex) {
        this.key = key;
        this.limit = limit;
        this.mutex = mutex;
    }

    /** The fence of a claim that is inside and takes so many units. */
    long fence(int units) {
        if (units != limit) {
            fenceEnd = fence; // what was at hand is older than the fence that is given now
            return Fences.next(key, 1);
        }
        if (fence == fenceEnd) {
            int count = fenceEnd == 0 ? 1 : FENCES;
            fence = Fences.next(key, count);
            fenceEnd = fence + count;
        }
        return fence++;
    }

    /**
     * Says who came in. An exclusive holder is alone, so that no other thread writes at the same time, and its leaving
     * orders what it wrote before what the next one writes.
     */
    void admit(Hold hold) {
        if (hold.units() == limit) {
            HOLDERS.setRelease(this, (Object) hold);
        } else {
            crowd().add(hold);
        }
    }

    /** Says who is about to leave. */
    void dismiss(Hold hold) {
        if (hold.units() == limit) {
            HOLDERS.setRelease(this, (Object) null);
        } else {
            crowd().remove(hold);
        }
    }

    /**
     * The crowd of those who are inside together. The first of them makes it; an exclusive holder replaces it later.
     */
    private Crowd crowd() {
        while (true) {
            Object now = holders;
            if (now instanceof Crowd crowd) {
                return crowd;
            }
            Crowd made = new Crowd();
            if (HOLDERS.compareAndSet(this, now, (Object) made)) {
                return made;
            }
        }
    }

    /** Who is inside with a lock, in no order. */
    List<Hold> holds() {
        Object now = holders;
        return now == null ? List.of() : now instanceof Hold hold ? List.of(hold) : ((Crowd) now).all();
    }

    /**
     * The hold of this owner or of one it is nested in, or null. One that was given back and is only kept from others
     * is nobody's; one that was lost a moment ago is still found, but not before one that is held.
     */
    @Nullable
    Hold heldBy(Owner owner) {
        Object now = holders;
        if (now == null) {
            return null;
        }
        if (now instanceof Hold hold) {
            return owner.isWithin(hold.owner()) && !hold.isGivenBack() ? hold : null;
        }
        Hold found = null;
        for (Owner one = owner; one != null; one = one.parent()) {
            Hold hold = ((Crowd) now).heldBy(one);
            if (hold != null && hold.isOpen()) {
                return hold;
            }
            found = found == null ? hold : found;
        }
        return found;
    }

    /** One of those inside, for messages; null if there is none. */
    @Nullable
    LockHolder anyHolder(long now) {
        Object inside = holders;
        Hold any = inside instanceof Crowd crowd ? crowd.any() : (Hold) inside;
        return any == null ? null : any.describe(now);
    }
}
