package io.lockweave.engine;

import io.lockweave.LockDeadlockException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, before an owner blocks, whether its wait could ever end. It reads the {@link WaitGraph} of this JVM off
 * the gates, so that the graph needs no upkeep.
 *
 * <p>An owner says where it waits before it searches. So of the owners of a cycle at least the last one to say so sees
 * all of it, and searches need no common lock. Several may see it; then they look again one after the other, and the
 * first one that still finds the cycle is refused and waits no more, so that the others are not.
 *
 * <p>Others come and go while the graph is read, so that one reading may put together what was never true at one time.
 * A cycle counts when two readings in a row find it made of the same holds and the same places in queues: those existed
 * all the time between the two.
 *
 * <p>A thread also waits in {@code join} or {@code get} of a {@link CallFuture}: whoever it acts as then waits for that
 * call.
 */
final class DeadlockDetector {

    /** One for all engines, because a cycle can lead through the locks of several backends. */
    private static final ReentrantLock ONE_VICTIM_AT_A_TIME = new ReentrantLock();

    private static final VarHandle WAITING_AT;

    static {
        try {
            WAITING_AT = MethodHandles.lookup().findVarHandle(Owner.class, "waitingAt", Owner.WaitingRoom.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Whether an owner has ever waited in several places at once, which no blocked thread can. */
    private static volatile boolean severalWaits;

    private final boolean on;

    DeadlockDetector(boolean on) {
        this.on = on;
    }

    /**
     * Notes that the owner is about to wait, and whether the calling thread does so too.
     *
     * @throws LockDeadlockException if its wait would close a cycle
     */
    void check(Owner owner, Gate gate, Waiter waiter, boolean blocking) {
        if (!on) {
            return;
        }
        if (WAITING_AT.getAndSet(owner, gate) != null) {
            severalWaits = true;
        }
        owner.noteWaiting();
        List<Owner> below = blocking && !owner.isThread() ? Owner.belowOfThisThread() : List.of();
        below.forEach(one -> one.awaits(owner));
        boolean isInTheWay = owner.isInTheWay() || below.stream().anyMatch(Owner::isInTheWay);
        if (!isInTheWay || WaitGraph.read(owner, gate, waiter).cycle() == null) {
            return; // who holds nothing is waited for by nobody, and cannot close a cycle
        }
        WaitGraph.Cycle cycle;
        ONE_VICTIM_AT_A_TIME.lock();
        try {
            cycle = readTwice(() -> WaitGraph.read(owner, gate, waiter).cycle());
            if (cycle != null) {
                owner.waitingAt = null;
                owner.noteWaiting();
            }
        } finally {
            ONE_VICTIM_AT_A_TIME.unlock();
        }
        if (cycle != null) {
            throw new LockDeadlockException(gate.fullKey(), cycle.path());
        }
    }

    /**
     * Whether an owner that stands in a queue may wait elsewhere too. One that begins to do so later searches after
     * that, and sees what is asked about now.
     */
    static boolean someWaitInSeveralPlaces() {
        return severalWaits;
    }

    /** The calling thread no longer waits for a lock. */
    static void goOn() {
        Owner.belowOfThisThread().forEach(one -> one.awaits(null));
    }

    /**
     * Notes that the calling thread is about to wait for the end of a call.
     *
     * @throws LockDeadlockException if its wait would close a cycle
     */
    static Join join(@Nullable Owner call) {
        List<Owner> joining = call == null ? List.of() : Owner.ofThisThread();
        if (call == null || joining.isEmpty()) {
            return Join.NONE; // a thread that has never acted as an owner holds nothing
        }
        joining.forEach(owner -> owner.awaits(call));
        call.countAwaiting(1);
        Join join = new Join(joining, call);
        WaitGraph.Cycle cycle = cycleThrough(joining);
        if (cycle == null) {
            return join;
        }
        ONE_VICTIM_AT_A_TIME.lock();
        try {
            cycle = readTwice(() -> cycleThrough(joining));
            if (cycle != null) {
                join.end();
            }
        } finally {
            ONE_VICTIM_AT_A_TIME.unlock();
        }
        if (cycle != null) {
            throw new LockDeadlockException(cycle.wanted(), cycle.path());
        }
        return join;
    }

    private static WaitGraph.@Nullable Cycle cycleThrough(List<Owner> owners) {
        return owners.stream()
                .map(owner -> WaitGraph.read(owner).cycle())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** A thread's wait for the end of a call. */
    record Join(List<Owner> joining, @Nullable Owner call) {

        static final Join NONE = new Join(List.of(), null);

        void end() {
            if (call != null) {
                joining.forEach(owner -> owner.awaits(null));
                call.countAwaiting(-1);
            }
        }
    }

    private static WaitGraph.@Nullable Cycle readTwice(Supplier<WaitGraph.@Nullable Cycle> search) {
        WaitGraph.Cycle before = search.get();
        while (before != null) {
            WaitGraph.Cycle now = search.get();
            if (now == null || now.proofs().equals(before.proofs())) {
                return now;
            }
            before = now;
        }
        return null;
    }
}
