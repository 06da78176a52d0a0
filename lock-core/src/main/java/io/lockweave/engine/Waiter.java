package io.lockweave.engine;

import io.lockweave.LockMode;
import io.lockweave.LockWaiter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One place in a gate's queue. */
final class Waiter {

    /** What is to be told. */
    interface Wakeable {

        /** Makes the waiting side look again; never runs foreign code on the calling thread. */
        void wake();
    }

    /** Nanoseconds at the head of the queue after which newcomers no longer pass. */
    static final long PATIENCE = 1_000_000;

    /** So many of those before it are counted. */
    static final int MOST_AHEAD = 1_000;

    /** In the queue, and to be woken when the gate may have room for it. */
    static final int WAITING = 0;
    /** In the queue and already woken: waking it again would be in vain. */
    static final int SIGNALLED = 1;
    /** Out of the queue and inside the gate. */
    static final int INSIDE = 2;
    /** Out of the queue and not inside. */
    static final int GONE = 3;

    private static final VarHandle STATUS;

    static {
        try {
            STATUS = MethodHandles.lookup().findVarHandle(Waiter.class, "status", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Owner owner;
    final LockMode mode;
    final int units;
    final boolean inTurn;
    final long since;
    private final long deadline;
    private final Wakeable sleeper;

    private volatile int status;

    /** Guarded by the gate's mutex, as are the fields below: when it was first seen at the head. */
    private long headSince;

    private boolean seenAtHead;

    /** Whether it has stood at the head for so long that newcomers no longer pass. */
    boolean overdue;

    @Nullable
    Waiter next;

    @Nullable
    Waiter previous;

    boolean linked;

    /** How many stood before it when it gave up, at most {@link #MOST_AHEAD}. */
    int ahead;

    /** Whether it came while a release was under way, and so looks again once that is over. */
    boolean awaitsRelease;

    Waiter(Owner owner, ResolvedOptions options, int units, long since, long deadline, Wakeable sleeper) {
        this.owner = owner;
        this.mode = options.mode();
        this.inTurn = options.inTurn();
        this.units = units;
        this.since = since;
        this.deadline = deadline;
        this.sleeper = sleeper;
    }

    int status() {
        return status;
    }

    /** Under the gate's mutex: asks to be woken again; the caller must look at the gate after this. */
    void rearm() {
        STATUS.compareAndSet(this, SIGNALLED, WAITING);
    }

    /** Under the gate's mutex: it stands at the head now. */
    void isAtHead(long now) {
        if (!seenAtHead) {
            seenAtHead = true;
            headSince = now;
        }
        overdue = now - headSince > PATIENCE;
    }

    /** Under the gate's mutex, once out of the queue. */
    void leftQueue(int end) {
        status = end;
    }

    /** Wakes it unless that was done since it last looked. */
    void signal() {
        if (status == WAITING) { // seldom where many come and go: most find it signalled already
            Stack.ensurePlenty();
            if (STATUS.compareAndSet(this, WAITING, SIGNALLED)) {
                sleeper.wake();
            }
        }
    }

    /** Who waits here, and how. */
    LockWaiter describe(long now) {
        return new LockWaiter(
                owner.place(),
                mode,
                Duration.ofNanos(Math.max(0, now - since)),
                Nanos.left(deadline, now),
                LockWaiter.Way.QUEUED,
                0,
                null);
    }

    /** Wakes it after it left the queue. */
    void wake() {
        sleeper.wake();
    }
}
