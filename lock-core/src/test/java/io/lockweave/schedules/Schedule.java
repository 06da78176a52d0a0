package io.lockweave.schedules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One run of several threads of which one goes on at a time. Wherever they touch what they share, the code that
 * {@link EngineCode} has changed calls this, and a random number decides who goes on. The same seed gives the same run.
 *
 * <p>What is explored is the order of steps; each step sees what the ones before have written. Time goes on only when
 * all wait: then one of those that wait for a time goes on. In simulated time it is the one whose time comes first, and
 * tasks belong to processes, which may be paused.
 */
public final class Schedule {

    private static final ThreadLocal<Task> CURRENT = new ThreadLocal<>();

    /** More steps than any program takes that makes progress. */
    private static final int MOST_STEPS = 20_000;

    private final Random random;
    private final Random values;
    private final double restless;
    private final List<Task> tasks = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final IdentityHashMap<Object, ReentrantLock> monitors = new IdentityHashMap<>();
    private final Semaphore ended = new Semaphore(0);
    private volatile Throwable failure;

    /** How readily threads change at a step, of which there are fewer where only waits are steps. */
    private static final double[][] RESTLESS = {{0.9, 0.5, 0.2, 0.05}, {0.02, 0, 0.3, 0}};

    /** Who waits for so many nanoseconds waits for somebody, not for a time. */
    private static final long FOREVER = Long.MAX_VALUE / 1_000;

    /** In simulated time, in nanoseconds. */
    private long time;

    private final boolean timed;
    private final Map<Integer, Long> pausedUntil = new HashMap<>();

    private Schedule(long seed, boolean timed, boolean onlyWaits) {
        this.random = new Random(seed);
        this.values = new Random(seed);
        this.timed = timed;
        this.restless = RESTLESS[onlyWaits ? 1 : 0][(int) Math.floorMod(seed, 4L)];
    }

    /**
     * Makes a program, runs it and checks it, all of it in turns.
     *
     * @throws AssertionError with the steps taken, if a thread fails, all wait, or one outlives the program
     */
    static void run(Supplier<Program> maker, long seed, boolean timed, boolean onlyWaits) {
        Schedule schedule = new Schedule(seed, timed, onlyWaits);
        Task first = schedule.new Task(() -> schedule.runProgram(maker));
        first.start();
        first.turn.release();
        schedule.ended.acquireUninterruptibly();
        Throwable why = schedule.failure;
        if (why != null) {
            throw new AssertionError(why + "; steps: " + schedule.steps(), why);
        }
    }

    /** The last ones in simulated time, where they are many. */
    private String steps() {
        int from = timed ? Math.max(0, trace.size() - 200) : 0;
        return String.join(" ", trace.subList(from, trace.size()));
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
        return timed ? soonest() : anyReady();
    }

    private Task anyReady() {
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

    private Task soonest() {
        List<Task> soonest = new ArrayList<>();
        long at = Long.MAX_VALUE;
        for (Task task : tasks) {
            long readyAt = task.readyAt();
            if (readyAt < at) {
                at = readyAt;
                soonest.clear();
            }
            if (readyAt == at && at < Long.MAX_VALUE) {
                soonest.add(task);
            }
        }
        boolean unfinished = tasks.stream().anyMatch(task -> !task.isOver);
        if (unfinished && at > time && tasks.get(0).isOver) {
            fail(new AssertionError("outlives the program: " + tasks));
            return null;
        }
        if (soonest.isEmpty()) {
            if (unfinished) {
                fail(new AssertionError("all wait: " + tasks));
            }
            return null;
        }
        time = at;
        Task next = soonest.get(random.nextInt(soonest.size()));
        next.goOn(next.awaited != null && !next.awaited.getAsBoolean());
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
        if (trace.size() > (timed ? 10 * MOST_STEPS : MOST_STEPS)) {
            fail(new AssertionError("no end after " + trace.size() + " steps at " + time + ": "
                    + tasks.stream()
                            .map(t -> t + (t.isForATime ? " until " + t.due : ""))
                            .toList()));
            ended.release();
            task.turn.acquireUninterruptibly();
        }
        task.at = place;
        pass(task);
    }

    final class Task extends Thread {

        private int number;
        private final Runnable body;
        private final Semaphore turn = new Semaphore(0);
        boolean isOver;
        private BooleanSupplier awaited;
        private boolean isForATime;
        private long due;
        private int process;
        boolean hasTimedOut;
        boolean permit;
        boolean isFlagged;
        int undisturbed;
        private String at = "start";

        Task(Runnable body) {
            this.body = body;
            Task maker = CURRENT.get();
            this.process = maker == null ? 0 : maker.process;
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

        /** When it can go on, as far as is known: now, at a time, or never. */
        long readyAt() {
            if (isOver) {
                return Long.MAX_VALUE;
            }
            long paused = Math.max(time, pausedUntil.getOrDefault(process, 0L));
            if (awaited == null || awaited.getAsBoolean()) {
                return paused;
            }
            return isForATime ? Math.max(due, paused) : Long.MAX_VALUE;
        }

        void goOn(boolean timeIsUp) {
            hasTimedOut = timeIsUp;
            isForATime = false;
            awaited = null;
        }

        /** Waits, in turns, until the condition holds or, if it waits for a time only, until all wait. */
        void await(BooleanSupplier condition, long nanos, String place) {
            due = time + nanos;
            await(condition, nanos < FOREVER, place);
        }

        void await(BooleanSupplier condition, boolean forATime, String place) {
            hasTimedOut = false;
            if (!condition.getAsBoolean()) {
                awaited = condition;
                isForATime = forATime;
            }
            step(place);
        }

        Schedule schedule() {
            return Schedule.this;
        }

        /** Lets others go on before it takes a step. */
        void step(String place) {
            Schedule.this.step(this, place);
        }

        @Override
        public void interrupt() {
            Steps.point("Thread.interrupt");
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

    /** Waits, in turns, until something holds or the time is over; whether it holds. */
    public static boolean until(BooleanSupplier condition, long nanos) {
        CURRENT.get().await(condition, Math.max(0, nanos), "until");
        return condition.getAsBoolean();
    }

    /** Does something as a thread of this process, to which belong those that it makes. */
    public static void as(int process, Runnable action) {
        Task task = CURRENT.get();
        int before = task.process;
        task.process = process;
        action.run();
        task.process = before;
    }

    /** Until then, in simulated time, no thread of a process goes on. */
    public static void pause(int process, long until) {
        CURRENT.get().schedule().pausedUntil.merge(process, until, Math::max);
    }

    /** Until when a process is paused; 0 if it never was. */
    public static long pausedUntil(int process) {
        return CURRENT.get().schedule().pausedUntil.getOrDefault(process, 0L);
    }

    /** Whether the calling thread's last wait ended because all waited, and so time went on. */
    public static boolean hasTimedOut() {
        Task task = CURRENT.get();
        return task != null && task.hasTimedOut;
    }

    /** The calling thread; null if it takes no turns. */
    static Task taskOrNull() {
        return CURRENT.get();
    }

    static Task current() {
        Task task = CURRENT.get();
        if (task == null) {
            throw new IllegalStateException("a thread waits that takes no turns");
        }
        return task;
    }

    /** What stands for the monitor of an object. */
    ReentrantLock lockOf(Object monitor) {
        return monitors.computeIfAbsent(monitor, any -> new ReentrantLock());
    }

    /** The simulated time; that of the JVM where time is not simulated. */
    long nanoTime() {
        return timed ? time : System.nanoTime();
    }

    /** Where the changed code gets its random values. */
    Random values() {
        return values;
    }
}
