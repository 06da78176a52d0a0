package io.lockweave.engine;

import io.lockweave.LockDeadlockException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, before an owner blocks, whether its wait could ever end. It reads the {@link WaitGraph} of this JVM off the
 * gates, so that the graph needs no upkeep.
 *
 * <p>An owner says where it waits before it searches. So of the owners of a cycle at least the last one to say so sees all of
 * it, and searches need no common lock. Several may see it; then they look again one after the other, and the first one that
 * still finds the cycle is refused and waits no more, so that the others are not.
 *
 * <p>Others come and go while the graph is read, so that one reading may put together what was never true at one time. A
 * cycle counts when two readings in a row find it made of the same holds and the same places in queues: those existed all
 * the time between the two.
 */
final class Deadlocks {

    /** One for all engines, because a cycle can lead through the locks of several backends. */
    private static final ReentrantLock ONE_VICTIM_AT_A_TIME = new ReentrantLock();

    private static final VarHandle WAITING_AT;

    static {
        try {
            WAITING_AT = MethodHandles.lookup().findVarHandle(Owner.class, "waitingAt", Gate.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Whether an owner has ever waited in several places at once, which no blocked thread can. */
    private static volatile boolean severalWaits;

    private final boolean on;

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
        if (WAITING_AT.getAndSet(owner, gate) != null) {
            severalWaits = true;
        }
        if (!owner.holdsAny() || WaitGraph.read(owner, gate, waiter).cycle() == null) {
            return; // who holds nothing is waited for by nobody, and cannot close a cycle
        }
        WaitGraph.Cycle cycle;
        ONE_VICTIM_AT_A_TIME.lock();
        try {
            cycle = readTwice(owner, gate, waiter);
            if (cycle != null) {
                owner.waitingAt = null;
            }
        } finally {
            ONE_VICTIM_AT_A_TIME.unlock();
        }
        if (cycle != null) {
            throw new LockDeadlockException(gate.key, cycle.path());
        }
    }

    /**
     * Whether an owner that stands in a queue may wait elsewhere too. One that begins to do so later searches after that, and
     * sees what is asked about now.
     */
    static boolean someWaitInSeveralPlaces() {
        return severalWaits;
    }

    private static WaitGraph.@Nullable Cycle readTwice(Owner owner, Gate gate, Waiter waiter) {
        WaitGraph.Cycle before = WaitGraph.read(owner, gate, waiter).cycle();
        while (before != null) {
            WaitGraph.Cycle now = WaitGraph.read(owner, gate, waiter).cycle();
            if (now == null || now.proofs().equals(before.proofs())) {
                return now;
            }
            before = now;
        }
        return null;
    }
}
