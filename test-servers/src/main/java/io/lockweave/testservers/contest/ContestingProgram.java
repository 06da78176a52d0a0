package io.lockweave.testservers.contest;

import io.lockweave.HeldLock;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.spi.LockBackend;
import io.lockweave.testkit.ForkedHolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A JVM whose threads contend for the keys {@link #key}, one thread for each, until its input ends
 * or says so. Then it closes its locks and tells what is left: {@code left <threads> <kilobytes>}. It writes one line
 * for each span in which {@link HeldLock#isHeld} was true: {@code stay <key> <fence> <entered> <left> <lost>}, in the
 * nanoseconds of this machine's monotonic clock, and {@code in <key> <fence>} when it begins.
 */
public final class ContestingProgram {

    private static final int MOST_TRIES = 60;

    private static volatile boolean ending;

    private ContestingProgram() {}

    /** The key that the thread of this number contends for. */
    public static LockKey key(int number) {
        return LockKey.of("contested", number);
    }

    /**
     * Arguments: the class that makes the backend, lease in ms, number of keys, seed, longest stay and longest pause in
     * ms, and what that class is told.
     */
    public static void main(String[] args) throws Exception {
        ForkedHolder.BackendMaker maker = Class.forName(args[0])
                .asSubclass(ForkedHolder.BackendMaker.class)
                .getDeclaredConstructor()
                .newInstance();
        Locks locks = Locks.builder(made(maker, List.of(args).subList(6, args.length)))
                .leaseTime(Duration.ofMillis(Long.parseLong(args[1])))
                .build();
        int keys = Integer.parseInt(args[2]);
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < keys; number++) {
            int mine = number;
            Random random = new Random(Long.parseLong(args[3]) + number);
            Thread thread = new Thread(() -> {
                while (!ending) {
                    contend(locks, mine, random, Integer.parseInt(args[4]));
                    pause(random.nextInt(Integer.parseInt(args[5]) + 1));
                }
            });
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        say("ready " + usedKilobytes());
        if (System.in.read() >= 0) { // else the parent is gone
            ending = true;
            locks.close();
            threads.forEach(ContestingProgram::awaitEnd);
            for (int waits = 0; waits < MOST_TRIES && !threadsOfLocks().isEmpty(); waits++) {
                pause(100);
            }
            say("left " + threadsOfLocks().size() + " " + usedKilobytes() + " " + threadsOfLocks());
        }
        System.exit(0);
    }

    /** The server may be down or cut off at the moment. */
    private static LockBackend made(ForkedHolder.BackendMaker maker, List<String> arguments) throws Exception {
        for (int tries = 0; ; tries++) {
            try {
                return maker.make(arguments);
            } catch (RuntimeException e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
                pause(500);
            }
        }
    }

    private static void awaitEnd(Thread thread) {
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> threadsOfLocks() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("lockweave"))
                .toList();
    }

    private static long usedKilobytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / 1_024;
    }

    private static void contend(Locks locks, int number, Random random, int longest) {
        try (HeldLock lock = locks.acquire(key(number), LockOptions.defaults().waitTime(Duration.ofSeconds(20)))) {
            long entered = System.nanoTime();
            boolean held = lock.isHeld();
            long seen = entered;
            if (!held) {
                return; // it stood still between the two
            }
            say("in " + number + " " + lock.fence());
            long end = entered + TimeUnit.MILLISECONDS.toNanos(random.nextInt(longest + 1));
            while (held && System.nanoTime() - end < 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                long before = System.nanoTime();
                held = lock.isHeld();
                seen = held ? before : seen;
            }
            say("stay " + number + " " + lock.fence() + " " + entered + " " + seen + " " + !held);
        } catch (LockException e) {
            say("failed " + number + " " + e.getClass().getSimpleName());
        }
    }

    private static void pause(int millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private static void say(String line) {
        System.out.println(line); // one write, so lines do not mix
    }
}
