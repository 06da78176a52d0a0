package io.lockweave.schedules;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One run of several threads of which one goes on at a time. Wherever they touch what they share, the code that
 * {@link EngineCode} has changed calls this, and a random number decides who goes on. The same seed gives the same run.
 *
 * <p>What is explored is the order of steps; each step sees what the ones before have written.
 */
public final class Schedule {

    private static final ThreadLocal<Task> CURRENT = new ThreadLocal<>();

    /** How long a task may wait for a thread that is not part of the schedule, in milliseconds. */
    private static final int PATIENCE = 2_000;

    /** More steps than any program takes that makes progress. */
    private static final int MOST_STEPS = 20_000;

    private enum Stage {
        READY,
        BLOCKED,
        PARKED,
        PARKED_FOR_A_TIME,
        OVER
    }

    private final Random random;
    private final double restless;
    private final List<Task> tasks = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile Task running;
    private final Thread starter = Thread.currentThread();

    private Schedule(long seed) {
        this.random = new Random(seed);
        this.restless = new double[] {0.9, 0.5, 0.2, 0.05}[(int) Math.floorMod(seed, 4L)];
    }

    /**
     * Runs them to their ends.
     *
     * @throws AssertionError with the steps taken, if one of them fails or all wait for each other
     */
    static void run(List<Runnable> bodies, long seed) {
        new Schedule(seed).run(bodies);
    }

    private void run(List<Runnable> bodies) {
        for (Runnable body : bodies) {
            tasks.add(new Task(this, tasks.size(), body));
        }
        running = null;
        tasks.forEach(Thread::start);
        pass(null);
        while (!tasks.stream().allMatch(task -> task.stage == Stage.OVER)) {
            LockSupport.park(this);
        }
        Throwable why = failure.get();
        if (why != null) {
            throw new AssertionError(why + "; steps: " + String.join(" ", trace), why);
        }
    }

    /** Lets another task go on, or the same one; the caller waits for its turn. */
    private void pass(Task from) {
        Task next = choose(from);
        if (next == from) {
            return;
        }
        running = next;
        if (next != null) {
            LockSupport.unpark(next);
        }
        if (from != null && from.stage != Stage.OVER) {
            from.awaitTurn();
        }
    }

    private Task choose(Task from) {
        if (from != null && from.stage == Stage.READY && random.nextDouble() >= restless) {
            return from;
        }
        long giveUpAt = System.nanoTime() + PATIENCE * 1_000_000L;
        while (true) {
            List<Task> ready = tasks.stream().filter(Task::canGoOn).toList();
            if (ready.isEmpty()) {
                ready = tasks.stream()
                        .filter(task -> task.stage == Stage.PARKED_FOR_A_TIME)
                        .toList();
            }
            if (!ready.isEmpty()) {
                Task next = ready.get(random.nextInt(ready.size()));
                next.stage = Stage.READY;
                return next;
            }
            if (tasks.stream().allMatch(task -> task.stage == Stage.OVER)) {
                return null;
            }
            if (System.nanoTime() - giveUpAt > 0) {
                stop(new AssertionError("all wait: " + tasks));
            }
            Thread.onSpinWait();
        }
    }

    private void stop(Throwable why) {
        failure.compareAndSet(null, why);
        for (Task task : tasks) {
            if (task.stage != Stage.OVER) {
                task.stage = Stage.READY;
            }
        }
    }

    private void step(Task task, String place) {
        if (failure.get() != null) {
            throw new Stopped();
        }
        trace.add(task.number + ":" + place);
        if (trace.size() > MOST_STEPS) {
            stop(new AssertionError("no end after " + MOST_STEPS + " steps"));
        }
        pass(task);
        if (failure.get() != null) {
            throw new Stopped();
        }
    }

    /** Ends a task after another one has failed. */
    private static final class Stopped extends Error {

        private static final long serialVersionUID = 1;
    }

    private static final class Task extends Thread {

        private final Schedule schedule;
        private final int number;
        private final Runnable body;
        private volatile Stage stage = Stage.READY;
        private volatile boolean permit;
        private ReentrantLock wanted;
        private int undisturbed;
        private String at = "start";

        Task(Schedule schedule, int number, Runnable body) {
            super("task " + number);
            setDaemon(true);
            this.schedule = schedule;
            this.number = number;
            this.body = body;
        }

        @Override
        public void run() {
            CURRENT.set(this);
            awaitTurn();
            try {
                body.run();
            } catch (Stopped e) {
                // another one has failed
            } catch (Throwable e) {
                schedule.stop(e);
            }
            stage = Stage.OVER;
            schedule.pass(this);
            LockSupport.unpark(schedule.starter);
        }

        void awaitTurn() {
            while (schedule.running != this) {
                LockSupport.park(schedule);
            }
        }

        boolean canGoOn() {
            return stage == Stage.READY
                    || (stage == Stage.BLOCKED && !wanted.isLocked())
                    || (stage == Stage.PARKED && permit)
                    || (stage == Stage.PARKED_FOR_A_TIME && permit);
        }

        @Override
        public String toString() {
            return number + " " + stage + " at " + at;
        }
    }

    /** Whether the calling thread is one of those that take turns. */
    public static boolean isExploring() {
        return CURRENT.get() != null;
    }

    // ---- what the changed code calls

    /** Before a step that others may see, or that sees what others do. */
    public static void point(String place) {
        Task task = CURRENT.get();
        if (task != null && task.undisturbed == 0) {
            task.at = place;
            task.schedule.step(task, place);
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
            task.wanted = lock;
            task.stage = Stage.BLOCKED;
            task.schedule.step(task, place + "(waits)");
        }
    }

    public static void unlock(ReentrantLock lock, String place) {
        lock.unlock();
        Task task = CURRENT.get();
        if (task != null && task.schedule.failure.get() == null) {
            point(place);
        }
    }

    public static void park(String place) {
        parkAs(Stage.PARKED, place);
    }

    public static void parkFor(String place) {
        parkAs(Stage.PARKED_FOR_A_TIME, place);
    }

    private static void parkAs(Stage stage, String place) {
        Task task = CURRENT.get();
        if (task == null) {
            LockSupport.parkNanos(1_000_000);
            return;
        }
        task.at = place;
        if (!task.permit) {
            task.stage = stage;
        }
        task.schedule.step(task, place);
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
}
