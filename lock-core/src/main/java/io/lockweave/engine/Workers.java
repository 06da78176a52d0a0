package io.lockweave.engine;

import io.lockweave.engine.WorkerPool.Growth;
import java.util.ArrayList;
import java.util.List;

/**
 * The threads on which an engine does what its callers must not wait for. Foreign code runs only where it holds up
 * neither what the engine does nor, for longer than a moment, other foreign code.
 */
final class Workers {

    private static final int IO_THREADS = 8;
    private static final int RETURN_THREADS = 4;
    private static final int CALL_BACK_THREADS = 4;
    private static final int MOST_STUCK = 256;

    private final WorkerPool io;
    private final WorkerPool reclaim;
    private final WorkerPool callBacks;

    /** Apart from those who get locks, who may hold up each other: a loss is urgent. */
    private final WorkerPool losses;

    private volatile boolean storeGivenUp;

    Workers(Timers timers, Threads threads) {
        io = new WorkerPool("lockweave-io", IO_THREADS, Growth.WHILE_STUCK, 2 * IO_THREADS, timers, threads);
        reclaim = new WorkerPool("lockweave-return", RETURN_THREADS, Growth.NEVER, RETURN_THREADS, timers, threads);
        callBacks = new WorkerPool(
                "lockweave-callback", CALL_BACK_THREADS, Growth.WHILE_STUCK, MOST_STUCK, timers, threads);
        losses = new WorkerPool("lockweave-loss", CALL_BACK_THREADS, Growth.WHILE_STUCK, MOST_STUCK, timers, threads);
    }

    /** Runs what goes on with an acquisition, and may ask the store. */
    void io(Runnable work) {
        execute(io, work);
    }

    /** Runs what gives something back to the store; never foreign code. */
    void giveBack(Runnable work) {
        execute(reclaim, work);
    }

    /** Runs something that may run foreign code. */
    void callBack(Runnable work) {
        execute(callBacks, work);
    }

    /** Runs what is to be done because a hold was lost, or may soon be. */
    void loss(Runnable work) {
        execute(losses, work);
    }

    private static void execute(WorkerPool pool, Runnable work) {
        if (!pool.execute(work)) {
            work.run(); // closed in the meantime: what is left is done by who asks for it
        }
    }

    /** Whether nothing is under way that asks the store. */
    boolean isIoIdle() {
        return io.isIdle() && reclaim.isIdle();
    }

    /** Whether the store kept all threads busy for so long that closing does not ask it for anything more. */
    boolean haveGivenUpStore() {
        return storeGivenUp;
    }

    /** Lets what asks the store come to its end, within bounds; what has not begun then finds the locks closed. */
    void closeIo() {
        long end = Threads.stopDeadline();
        List<Runnable> left = new ArrayList<>(io.stop(end));
        left.addAll(reclaim.stop(end));
        storeGivenUp = !left.isEmpty();
        left.forEach(Runnable::run);
    }

    /** Lets the call-backs come to their end, within bounds; whoever waits for a result gets it. */
    void closeCallBacks() {
        long end = Threads.stopDeadline();
        losses.stop(end);
        callBacks.stop(end).forEach(Runnable::run);
    }
}
