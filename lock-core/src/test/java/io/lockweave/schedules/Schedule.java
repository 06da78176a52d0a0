package io.lockweave.schedules;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One run of several threads of which one goes on at a time. Wherever they touch what they share, the code that
 * {@link EngineCode} has changed calls this, and a random number decides who goes on. The same seed gives the same run.
 *
 * <p>What is explored is the order of steps; each step sees what the ones before have written. Time goes on only when
 * all wait: then one of those that wait for a time goes on.
 */
public final class Schedule {

    private static final ThreadLocal<Task> CURRENT = new ThreadLocal<>();

    /** More steps than any program takes that makes progress. */
    private static final int MOST_STEPS = 20_000;

    private final Random random;
    private final double restless;
    private final List<Task> tasks = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final IdentityHashMap<Object, ReentrantLock> monitors = new IdentityHashMap<>();
    private final Semaphore ended = new Semaphore(0);
    private volatile Throwable failure;

    private Schedule(long seed) {
        this.random = new Random(seed);
        this.restless = new double[] {0.9, 0.5, 0.2, 0.05}[(int) Math.floorMod(seed, 4L)];
    }

    /**
     * Makes a program, runs it and checks it, all of it in turns.
     *
     * @throws AssertionError with the steps taken, if a thread fails, all wait for each other, or one outlives the
     * program
     */
    static void run(Supplier<Program> maker, long seed) {
        Schedule schedule = new Schedule(seed);
        Task first = schedule.new Task(() -> schedule.runProgram(maker));
        first.start();
        first.turn.release();
        schedule.ended.acquireUninterruptibly();
        Throwable why = schedule.failure;
        if (why != null) {
            throw new AssertionError(why + "; steps: " + String.join(" ", schedule.trace), why);
        }
    }

    private void runProgram(Supplier<Program> maker) {
        Program program = maker.get();
        List<Task> threads = new ArrayList<>();
        program.threads().forEach(body -> threads.add(new Task(body)));
        threads.forEach(Task::start);
        until(() -> threads.stream().allMatch(task -> task.isOver));
        program.check();
    }

    /** Lets another task go on, or the same one; the caller waits for its turn. */
    private void pass(Task from) {
        Task next = choose(from);
        if (next == from) {
            return;
        }
        if (next == null) {
            ended.release();
        } else {
            next.turn.release();
        }
        if (!from.isOver) {
            from.turn.acquireUninterruptibly();
        }
    }

    private Task choose(Task from) {
        if (!from.isOver && from.awaited == null && random.nextDouble() >= restless) {
            return from;
        }
        List<Task> ready = tasks.stream().filter(Task::canGoOn).toList();
        boolean allWait = ready.isEmpty();
        if (allWait) {
            ready = tasks.stream().filter(task -> task.isForATime).toList();
        }
        if (allWait && tasks.get(0).isOver && tasks.stream().anyMatch(task -> !task.isOver)) {
            fail(new AssertionError("outlives the program: " + tasks));
            return null;
        }
        if (ready.isEmpty()) {
            if (tasks.stream().anyMatch(task -> !task.isOver)) {
                fail(new AssertionError("all wait: " + tasks));
            }
            return null;
        }
        Task next = ready.get(random.nextInt(ready.size()));
        next.goOn(allWait);
        return next;
    }

    /** The run ends here; whoever has not come to its end stays where it is, as a daemon. */
    private void fail(Throwable why) {
        if (failure == null) {
            failure = why;
        }
    }

    private void step(Task task, String place) {
        trace.add(task.number + ":" + place);
        if (trace.size() > MOST_STEPS) {
            fail(new AssertionError("no end after " + MOST_STEPS + " steps"));
            ended.release();
            task.turn.acquireUninterruptibly();
        }
        task.at = place;
        pass(task);
    }

    private final class Task extends Thread {

        private int number;
        private final Runnable body;
        private final Semaphore turn = new Semaphore(0);
        private boolean isOver;
        private BooleanSupplier awaited;
        private boolean isForATime;
        private boolean hasTimedOut;
        private boolean permit;
        private boolean isFlagged;
        private int undisturbed;
        private String at = "start";

        Task(Runnable body) {
            this.body = body;
            setDaemon(true);
        }

        @Override
        public void start() {
            number = tasks.size();
            tasks.add(this);
            super.start();
        }

        @Override
        public void run() {
            CURRENT.set(this);
            turn.acquireUninterruptibly();
            try {
                body.run();
            } catch (Throwable e) {
                fail(e);
                ended.release();
                return;
            }
            isOver = true;
            pass(this);
        }

        boolean canGoOn() {
            return !isOver && (awaited == null || awaited.getAsBoolean());
        }

        void goOn(boolean timeIsUp) {
            hasTimedOut = timeIsUp;
            isForATime = false;
            awaited = null;
        }

        /** Waits, in turns, until the condition holds or, if it waits for a time only, until all wait. */
        void await(BooleanSupplier condition, boolean forATime, String place) {
            hasTimedOut = false;
            if (!condition.getAsBoolean()) {
                awaited = condition;
                isForATime = forATime;
            }
            Schedule.this.step(this, place);
        }

        Schedule schedule() {
            return Schedule.this;
        }

        @Override
        public void interrupt() {
            point("Thread.interrupt");
            isFlagged = true;
        }

        @Override
        public boolean isInterrupted() {
            return isFlagged;
        }

        @Override
        public State getState() {
            return isOver ? State.TERMINATED : awaited == null ? State.RUNNABLE : State.WAITING;
        }

        @Override
        public String toString() {
            return number + " " + getName() + (isOver ? " over" : awaited == null ? " ready" : " waits") + " at " + at;
        }
    }

    /** A condition of a lock, for threads that take turns; the lock is held once when it is waited for. */
    private static final class TurnCondition implements Condition {

        private final ReentrantLock lock;
        private final List<boolean[]> waiting = new ArrayList<>();

        TurnCondition(ReentrantLock lock) {
            this.lock = lock;
        }

        @Override
        public long awaitNanos(long nanos) throws InterruptedException {
            Task task = CURRENT.get();
            boolean[] signalled = new boolean[1];
            waiting.add(signalled);
            lock.unlock();
            task.await(() -> signalled[0] || task.isFlagged, true, "Condition.awaitNanos");
            boolean inTime = !task.hasTimedOut;
            Schedule.lock(lock, "Condition.awaitNanos");
            waiting.remove(signalled);
            if (interrupted("Condition.awaitNanos")) {
                throw new InterruptedException();
            }
            return inTime ? nanos : 0;
        }

        @Override
        public void signal() {
            if (!waiting.isEmpty()) {
                waiting.remove(0)[0] = true;
            }
        }

        @Override
        public void signalAll() {
            waiting.forEach(one -> one[0] = true);
            waiting.clear();
        }

        @Override
        public void await() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void awaitUninterruptibly() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean await(long time, java.util.concurrent.TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean awaitUntil(java.util.Date deadline) {
            throw new UnsupportedOperationException();
        }
    }

    // ---- what programs call

    /** A thread that takes turns with those of the program that makes it. */
    public static Thread newThread(Runnable body) {
        Task task = CURRENT.get();
        if (task == null) {
            throw new IllegalStateException("only what runs in turns can make a thread that does");
        }
        return task.schedule().new Task(body);
    }

    /** Waits, in turns, until something holds. */
    public static void until(BooleanSupplier condition) {
        CURRENT.get().await(condition, false, "until");
    }

    /** Whether the calling thread's last wait ended because all waited, and so time went on. */
    public static boolean hasTimedOut() {
        Task task = CURRENT.get();
        return task != null && task.hasTimedOut;
    }

    // ---- what the changed code calls

    /** Before a step that others may see, or that sees what others do. */
    public static void point(String place) {
        Task task = CURRENT.get();
        if (task != null && task.undisturbed == 0) {
            task.schedule().step(task, place);
        }
    }

    /** Before a call that is one step together with what it calls back. */
    public static void begin(String place) {
        point(place);
        Task task = CURRENT.get();
        if (task != null) {
            task.undisturbed++;
        }
    }

    /** After such a call. */
    public static void end() {
        Task task = CURRENT.get();
        if (task != null) {
            task.undisturbed--;
        }
    }

    public static void lock(ReentrantLock lock, String place) {
        Task task = CURRENT.get();
        if (task == null) {
            lock.lock();
            return;
        }
        point(place);
        while (!lock.tryLock()) {
            task.await(() -> !lock.isLocked(), false, place + "(waits)");
        }
    }

    public static void unlock(ReentrantLock lock, String place) {
        lock.unlock();
        point(place);
    }

    public static void enter(Object monitor, String place) {
        Task task = CURRENT.get();
        if (task != null) {
            lock(task.schedule().monitors.computeIfAbsent(monitor, any -> new ReentrantLock()), place);
        }
    }

    public static void exit(Object monitor, String place) {
        Task task = CURRENT.get();
        if (task != null) {
            unlock(task.schedule().monitors.get(monitor), place);
        }
    }

    public static Condition newCondition(ReentrantLock lock, String place) {
        return CURRENT.get() == null ? lock.newCondition() : new TurnCondition(lock);
    }

    public static void park(String place) {
        parkAs(false, place);
    }

    public static void parkFor(String place) {
        parkAs(true, place);
    }

    private static void parkAs(boolean forATime, String place) {
        Task task = CURRENT.get();
        if (task == null) {
            throw new IllegalStateException("a thread parks that takes no turns");
        }
        task.await(() -> task.permit || task.isFlagged, forATime, place);
        task.permit = false;
    }

    public static void unpark(Thread thread, String place) {
        point(place);
        if (thread instanceof Task task) {
            task.permit = true;
        } else {
            LockSupport.unpark(thread);
        }
    }

    public static boolean interrupted(String place) {
        Task task = CURRENT.get();
        if (task == null) {
            return Thread.interrupted();
        }
        boolean was = task.isFlagged;
        task.isFlagged = false;
        return was;
    }

    public static void join(Thread thread, long millis, String place) {
        Task task = CURRENT.get();
        Task other = (Task) thread;
        task.await(() -> other.isOver, true, place);
    }

    public static boolean isAlive(Thread thread, String place) {
        return thread instanceof Task task ? !task.isOver : thread.isAlive();
    }
}
