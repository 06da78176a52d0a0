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
 * A JVM whose threads contend for the keys {@link #key}, and use some that nobody else wants, until its input ends
 * or says so. Then it closes its locks and tells what is left: {@code left <threads> <kilobytes>}. It writes one line
 * for each span in which {@link HeldLock#isHeld} was true: {@code stay <key> <fence> <entered> <left> <lost>}, in the
 * nanoseconds of this machine's monotonic clock, {@code wait <key>} when it begins to want a lock, and then
 * {@code in <key> <fence>} or {@code failed <key> <why>}.
 */
public final class ContestingProgram {

    private static final int MOST_TRIES = 60;

    private static volatile boolean ending;

    private ContestingProgram() {}

    /** The key that the thread of this number contends for. */
    public static LockKey key(int number) {
        return LockKey.of("contested", number);
    }

    /** Arguments: the class that makes the backend, the {@link Contest}, and what that class is told. */
    public static void main(String[] args) throws Exception {
        ForkedHolder.BackendMaker maker = Class.forName(args[0])
                .asSubclass(ForkedHolder.BackendMaker.class)
                .getDeclaredConstructor()
                .newInstance();
        List<String> words = List.of(args).subList(1, args.length);
        Contest contest = Contest.of(words);
        Locks locks = Locks.builder(made(maker, words.subList(Contest.WORDS, words.size())))
                .leaseTime(Duration.ofMillis(contest.leaseMillis()))
                .build();
        List<Thread> threads = new ArrayList<>();
        for (int number = 0; number < contest.keys() * contest.threads(); number++) {
            int key = number % contest.keys();
            threads.add(start(locks, contest, number, key(key), "" + key));
        }
        for (int number = 0; number < contest.ownKeys(); number++) {
            String name = contest.own() + "-" + number;
            threads.add(start(locks, contest, -1 - number, LockKey.of("own", name), name));
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

    private static Thread start(Locks locks, Contest contest, int number, LockKey key, String name) {
        Random random = new Random(contest.seed() + number);
        Thread thread = new Thread(() -> {
            while (!ending) {
                contend(locks, key, name, millis(random, contest));
                pause(random.nextInt(contest.pause() + 1));
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** How long to stay: mostly for a moment, sometimes for a while, and now and then for longer than a lease. */
    private static int millis(Random random, Contest contest) {
        int kind = random.nextInt(1_000);
        int longest = kind == 0 ? contest.leaseMillis() * 3 / 2 : kind <= 50 ? contest.stay() : 2;
        return contest.stay() == 0 ? 0 : random.nextInt(longest + 1);
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

    private static void contend(Locks locks, LockKey key, String name, int millis) {
        boolean inside = false;
        say("wait " + name);
        try (HeldLock lock = locks.acquire(key, LockOptions.defaults().waitTime(Duration.ofSeconds(20)))) {
            long entered = System.nanoTime();
            boolean held = lock.isHeld();
            long seen = entered;
            if (!held) {
                say("failed " + name + " late"); // it stood still between the two
                return;
            }
            say("in " + name + " " + lock.fence());
            inside = true;
            long end = entered + TimeUnit.MILLISECONDS.toNanos(millis);
            long before = entered;
            while (held && before - end <= 0) {
                LockSupport.parkNanos(Math.min(TimeUnit.MILLISECONDS.toNanos(1), end - before));
                before = System.nanoTime();
                held = lock.isHeld();
                seen = held ? before : seen;
            }
            say("stay " + name + " " + lock.fence() + " " + entered + " " + seen + " " + !held);
        } catch (LockException e) {
            say((inside ? "unreleased " : "failed ") + name + " " + e.getClass().getSimpleName());
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
