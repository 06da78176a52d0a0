package io.lockweave.engine;

import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is inside a gate, and the fences they get there if no store gives them out. A {@link Gate} is one rather than having
 * one, so that a lock in use takes one object less.
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

    /** What the queue is changed under, and the list of several holders. */
    final ReentrantLock mutex;

    /** Nobody, one {@link Hold}, or several. */
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
     * Says who came in. An exclusive holder is alone, so that no other thread writes at the same time, and its leaving orders
     * what it wrote before what the next one writes.
     */
    void admit(Hold hold) {
        if (hold.units() == limit) {
            HOLDERS.setRelease(this, (Object) hold);
        } else {
            change(inside -> inside.add(hold));
        }
    }

    /** Says who is about to leave. */
    void dismiss(Hold hold) {
        if (hold.units() == limit) {
            HOLDERS.setRelease(this, (Object) null);
        } else {
            change(inside -> inside.remove(hold));
        }
    }

    private void change(Consumer<List<Hold>> change) {
        mutex.lock();
        try {
            List<Hold> inside = new ArrayList<>(holds());
            change.accept(inside);
            holders = inside.isEmpty() ? null : inside.toArray(Hold[]::new);
        } finally {
            mutex.unlock();
        }
    }

    /** Who is inside with a lock. */
    List<Hold> holds() {
        Object now = holders;
        return now == null ? List.of() : now instanceof Hold hold ? List.of(hold) : List.of((Hold[]) now);
    }

    /**
     * The hold of this owner, or null. One that was given back and is only kept from others is nobody's; one that was lost a
     * moment ago is still found, but not before one that is held.
     */
    @Nullable
    Hold heldBy(Owner owner) {
        Object now = holders;
        if (now == null) {
            return null;
        }
        if (now instanceof Hold hold) {
            return hold.owner() == owner && !hold.isGivenBack() ? hold : null;
        }
        Hold found = null;
        for (Hold hold : (Hold[]) now) {
            if (hold.owner() == owner && !hold.isGivenBack()) {
                found = hold;
                if (hold.isOpen()) {
                    break;
                }
            }
        }
        return found;
    }

    /** One of those inside, for messages; null if there is none. */
    @Nullable
    LockHolder anyHolder(long now) {
        List<Hold> inside = holds();
        return inside.isEmpty() ? null : inside.get(inside.size() - 1).describe(now);
    }
}
