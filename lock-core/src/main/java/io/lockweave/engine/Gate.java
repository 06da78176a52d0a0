package io.lockweave.engine;

import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The queue of one key in this JVM, and who is inside. Inside the gate a claim of the local backend has its lock, with
 * a fence that the gate gives out; a claim of a store goes on to the store, so that many waiting threads are one remote
 * waiter. A gate is a {@link Turnstile} rather than having one, so that a lock in use takes one object less.
 *
 * <p>A gate that nobody uses is dead and out of the registry; whoever still finds it there looks again.
 */
final class Gate extends Turnstile implements Owner.WaitingRoom {

    /** Where gates are found. */
    interface Registry {

        /** The key of a gate as people are to read it. */
        LockKey fullKey(Gate gate);

        /** Nobody is to find it any more. */
        void remove(Gate gate);
    }

    /** How many fences the exclusive holders of a gate that is used again take from the counters at a time. */
    private static final int FENCES = 16;

    private static final VarHandle HOLDERS;

    static {
        try {
            HOLDERS = MethodHandles.lookup().findVarHandle(Gate.class, "holders", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Registry registry;

    /** Nobody, one exclusive {@link Hold}, or a {@link Crowd}. */
    private volatile @Nullable Object holders;

    /** The next fence of an exclusive holder, and where those at hand end; only who is inside changes them. */
    private long fence;

    private long fenceEnd;

    /** What is known of the store for this key; made when first needed. */
    private volatile @Nullable StoreSide storeSide;

    /** A gate with so many units already inside. */
    Gate(LockKey key, int limit, int unitsInside, Registry registry, ReentrantLock mutex) {
        super(key, limit, unitsInside, mutex, true);
        this.registry = registry;
    }

    @Override
    void died() {
        registry.remove(this);
    }

    /** The key as people are to read it. */
    LockKey fullKey() {
        return registry.fullKey(this);
    }

    /** Enters with a hold, which knows from the same step on that it is inside. */
    Entry tryEnter(Hold hold) {
        Entry entry = tryEnter(hold.units(), hold.options().inTurn());
        if (entry == Entry.ENTERED) {
            hold.stage = Hold.INSIDE;
        }
        return entry;
    }

    /** Leaves with a hold, and lets the next ones in or wakes them. Returns whether there was a queue. */
    boolean leave(Hold hold) {
        return leave(hold.units(), hold);
    }

    /** The fence of a claim that is inside and takes so many units. */
    long fence(int units) {
        if (units != limit) {
            fenceEnd = fence; // what was at hand is older than the fence that is given now
            return FenceCounters.next(key, 1);
        }
        if (fence == fenceEnd) {
            int count = fenceEnd == 0 ? 1 : FENCES;
            fence = FenceCounters.next(key, count);
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
