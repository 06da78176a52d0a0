package io.lockweave.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lockweave.spi.TimeSource;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Threads that run what is queued, in its order; none while there is nothing to do. What cannot begin for want of a
 * thread stays in the queue, and the start is tried again. A pool whose threads all wait grows, so that nothing in it
 * waits for ever for something behind it in the queue.
 */
final class WorkerPool {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    private static final long IDLE = TimeUnit.SECONDS.toNanos(10);

    /** How long a queue may stand still before something is done about it. */
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(20);

    /** The most threads started at one look. */
    private static final int BURST = 8;

    /** When there may be more threads than usual. */
    enum Growth {
        NEVER,
        /** When nothing was begun for a while, whatever the threads do. */
        WHILE_STUCK,
        /** When nothing was begun for a while, and none of the threads computes or asks a store. */
        WHILE_BLOCKED
    }

    /** The pool whose thread this is. */
    private static final ThreadLocal<@Nullable WorkerPool> CURRENT = new ThreadLocal<>();

    private final String name;
    private final int usual;
    private final int most;
    private final Growth growth;
    private final Threads threads;
    private final Timers timers;

    private final AtomicInteger numbers = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition ended = lock.newCondition();

    @GuardedBy("lock")
    private final Queue<Runnable> queue = new ArrayDeque<>();

    @GuardedBy("lock")
    private final Set<Thread> running = new HashSet<>();

    @GuardedBy("lock")
    private int count;

    @GuardedBy("lock")
    private int idle;

    @GuardedBy("lock")
    private long begun;

    @GuardedBy("lock")
    private long begunAtLook;

    @GuardedBy("lock")
    private boolean lookPlanned;

    @GuardedBy("lock")
    private boolean complained;

    @GuardedBy("lock")
    private boolean closed;

    WorkerPool(String name, int usual, Growth growth, int most, Timers timers, Threads threads) {
        this.name = name;
        this.usual = usual;
        this.growth = growth;
        this.most = most;
        this.timers = timers;
        this.threads = threads;
    }

    /** Whether the calling thread is one of a pool that grows when foreign code holds it up. */
    static boolean onThreadForForeignCode() {
        WorkerPool current = CURRENT.get();
        return current != null && current.growth != Growth.NEVER;
    }

    /** Has it run soon; false if the pool is closed. */
    boolean execute(Runnable task) {
        Stack.ensurePlenty();
        boolean more;
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            queue.add(task);
            work.signal();
            more = idle < queue.size() && count < usual;
            if (more) {
                count++;
            } else if (idle < queue.size()) {
                planLook();
            }
        } finally {
            lock.unlock();
        }
        if (more) {
            start();
        }
        return true;
    }

    /** Whether nothing is queued or run. */
    boolean isIdle() {
        lock.lock();
        try {
            return queue.isEmpty() && idle == count;
        } finally {
            lock.unlock();
        }
    }

    /** Starts a thread that is counted already. */
    private void start() {
        try {
            threads.start(name + "-" + numbers.incrementAndGet(), this::work);
        } catch (Throwable e) { // none can be started at the moment
            boolean first;
            lock.lock();
            try {
                count--;
                first = !complained;
                complained = true;
                planLook();
            } finally {
                lock.unlock();
            }
            if (first) {
                LOG.log(Level.WARNING, "A thread " + name + " could not be started; it is tried again", e);
            }
        }
    }

    /** Looks soon whether the queue moves. */
    @GuardedBy("lock")
    private void planLook() {
        if (lookPlanned || closed || (growth == Growth.NEVER && count >= usual)) {
            return;
        }
        begunAtLook = begun;
        try {
            timers.after(LOOK, this::look);
            lookPlanned = true;
        } catch (RuntimeException e) {
            // not even the timer's thread can be started: the next one who needs a thread tries again
        }
    }

    private void look() {
        int more;
        boolean full;
        lock.lock();
        try {
            lookPlanned = false;
            int waiting = queue.size() - idle;
            if (closed || waiting <= 0) {
                return;
            }
            more = Math.min(Math.min(waiting, BURST), room());
            full = more == 0 && count >= most && begun == begunAtLook && !complained;
            complained = complained || full;
            count += more;
            planLook();
        } finally {
            lock.unlock();
        }
        for (int i = 0; i < more; i++) {
            start();
        }
        if (full) {
            LOG.log(
                    Level.WARNING,
                    "All " + most + " threads " + name + " wait, and what is queued behind them waits for them. To fix"
                            + " it: do not block in listeners, loss actions and tasks, above all not for one another");
        }
    }

    /** How many threads there may be in addition. */
    @GuardedBy("lock")
    private int room() {
        if (count < usual) {
            return usual - count;
        }
        boolean stuck = begun == begunAtLook
                && (growth == Growth.WHILE_STUCK
                        || running.stream().noneMatch(thread -> thread.getState() == Thread.State.RUNNABLE));
        return stuck ? most - count : 0;
    }

    private void work() {
        Thread me = Thread.currentThread();
        CURRENT.set(this);
        lock.lock();
        try {
            running.add(me);
            complained = false;
        } finally {
            lock.unlock();
        }
        while (true) {
            try {
                Runnable task = next(me);
                if (task == null) {
                    return;
                }
                task.run();
            } catch (Throwable e) { // the next one is run whatever this one did
                note(e);
            }
        }
    }

    private void note(Throwable failure) {
        try {
            LOG.log(Level.ERROR, "A task on a thread " + name + " of the lock engine failed", failure);
        } catch (Throwable e) {
            // no memory to say so; the thread goes on
        }
    }

    /** The next task; null if this thread is not needed any more, and then it is not counted any more. */
    private @Nullable Runnable next(Thread me) {
        lock.lock();
        try {
            long left = IDLE;
            while (true) {
                Thread.interrupted(); // meant for a task that is over
                Runnable task = queue.poll();
                if (task != null) {
                    begun++;
                    return task;
                }
                if (closed || left <= 0) {
                    count--;
                    running.remove(me);
                    ended.signalAll();
                    return null;
                }
                idle++;
                try {
                    left = work.awaitNanos(left);
                } catch (InterruptedException e) {
                    // meant for a task that is over
                } finally {
                    idle--;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets queued work finish within bounds, then interrupts what runs; returns what had not begun. The calling thread
     * may be one of the pool: it is neither waited for nor interrupted.
     *
     * @param end until when to wait, by the system's clock
     */
    List<Runnable> stop(long end) {
        Thread me = Thread.currentThread();
        boolean interrupted = Thread.interrupted();
        lock.lock();
        try {
            closed = true;
            work.signalAll();
            int mine = running.contains(me) ? 1 : 0;
            long left = end - TimeSource.system().nanoTime();
            while (count > mine && left > 0 && !interrupted) {
                try {
                    left = ended.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            running.stream().filter(thread -> thread != me).forEach(Thread::interrupt);
            List<Runnable> notBegun = List.copyOf(queue);
            queue.clear();
            return notBegun;
        } finally {
            lock.unlock();
            if (interrupted) {
                me.interrupt();
            }
        }
    }
}
