package io.lockweave.engine;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;

/** The threads on which an engine does what its callers must not wait for. None while there is nothing to do. */
final class Workers {

    private static final int IO_THREADS = 8;
    private static final int CALL_BACK_THREADS = 4;

    private final ThreadPoolExecutor io = Threads.pool("lockweave-io", IO_THREADS);
    private final ThreadPoolExecutor callBacks = Threads.pool("lockweave-callback", CALL_BACK_THREADS);

    /** Apart from those who get locks, who may hold up each other: a loss is urgent. */
    private final ThreadPoolExecutor losses = Threads.pool("lockweave-loss", CALL_BACK_THREADS);

    private volatile boolean storeGivenUp;

    /** Runs something that asks the store. */
    void io(Runnable work) {
        execute(io, work);
    }

    /** Runs something that may run foreign code. */
    void callBack(Runnable work) {
        execute(callBacks, work);
    }

    /** Runs what is to be done because a hold was lost. */
    void loss(Runnable work) {
        execute(losses, work);
    }

    private static void execute(Executor pool, Runnable work) {
        try {
            pool.execute(work);
        } catch (RejectedExecutionException e) {
            work.run(); // closed in the meantime: what is left is done by who asks for it
        }
    }

    /** Whether the store kept all threads busy for so long that closing does not ask it for anything more. */
    boolean haveGivenUpStore() {
        return storeGivenUp;
    }

    /** Lets what asks the store come to its end, within bounds; what has not begun then finds the locks closed. */
    void closeIo() {
        List<Runnable> left = Threads.stop(io);
        storeGivenUp = !left.isEmpty();
        left.forEach(Runnable::run);
    }

    /** Lets the call-backs come to their end, within bounds; whoever waits for a result gets it. */
    void closeCallBacks() {
        Threads.stop(losses);
        Threads.stop(callBacks).forEach(Runnable::run);
    }
}
