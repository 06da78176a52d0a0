package io.lockweave.schedules;

import java.security.SecureRandom;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the code calls that {@link EngineCode} has changed: before each step that others may see, and in place of what
 * would block. On a thread of no {@link Schedule} it does what the code did.
 */
public final class Steps {

    private Steps() {}

    /** Before a step that others may see, or that sees what others do. */
    public static void point(String place) {
        Schedule.Task task = Schedule.taskOrNull();
        if (task != null && task.undisturbed == 0) {
            task.step(place);
        }
    }

    /** Before a call that is one step together with what it calls back. */
    public static void begin(String place) {
        point(place);
        Schedule.Task task = Schedule.taskOrNull();
        if (task != null) {
            task.undisturbed++;
        }
    }

    /** After such a call. */
    public static void end() {
        Schedule.Task task = Schedule.taskOrNull();
        if (task != null) {
            task.undisturbed--;
        }
    }

    public static void lock(ReentrantLock lock, String place) {
        Schedule.Task task = Schedule.taskOrNull();
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
        Schedule.Task task = Schedule.taskOrNull();
        if (task != null) {
            lock(task.schedule().lockOf(monitor), place);
        }
    }

    public static void exit(Object monitor, String place) {
        Schedule.Task task = Schedule.taskOrNull();
        if (task != null) {
            unlock(task.schedule().lockOf(monitor), place);
        }
    }

    public static Condition newCondition(ReentrantLock lock, String place) {
        return Schedule.taskOrNull() == null ? lock.newCondition() : new TurnCondition(lock);
    }

    public static void park(String place) {
        Schedule.Task task = Schedule.current();
        task.await(() -> task.permit || task.isFlagged, false, place);
        task.permit = false;
    }

    public static void parkFor(long nanos, String place) {
        Schedule.Task task = Schedule.current();
        task.await(() -> task.permit || task.isFlagged, nanos, place);
        task.permit = false;
    }

    /** Waits, in turns, for a future that is joined next, unless that one has a way of its own to wait. */
    public static void awaitDone(CompletableFuture<?> future, String place) {
        if (future.getClass() == CompletableFuture.class) {
            awaitAny(future, place);
        }
    }

    public static void awaitAny(CompletableFuture<?> future, String place) {
        Schedule.current().await(future::isDone, false, place);
    }

    /** The simulated time; that of the JVM where time is not simulated. */
    public static long nanoTime(String place) {
        Schedule.Task task = Schedule.taskOrNull();
        return task == null ? System.nanoTime() : task.schedule().nanoTime();
    }

    public static Random random(String place) {
        Schedule.Task task = Schedule.taskOrNull();
        return task == null ? new Random() : task.schedule().values();
    }

    public static void nextBytes(SecureRandom real, byte[] bytes, String place) {
        random(place).nextBytes(bytes);
    }

    public static void unpark(Thread thread, String place) {
        point(place);
        if (thread instanceof Schedule.Task task) {
            task.permit = true;
        } else {
            LockSupport.unpark(thread);
        }
    }

    public static boolean interrupted(String place) {
        Schedule.Task task = Schedule.taskOrNull();
        if (task == null) {
            return Thread.interrupted();
        }
        boolean was = task.isFlagged;
        task.isFlagged = false;
        return was;
    }

    public static void join(Thread thread, long millis, String place) {
        Schedule.Task task = Schedule.taskOrNull();
        Schedule.Task other = (Schedule.Task) thread;
        task.await(() -> other.isOver, millis * 1_000_000, place);
    }

    public static boolean isAlive(Thread thread, String place) {
        return thread instanceof Schedule.Task task ? !task.isOver : thread.isAlive();
    }
}
