package io.lockweave.redis;

import io.lockweave.HeldLock;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A JVM whose threads contend for the keys {@link #key}, one thread for each, until its input ends. It writes one line
 * for each span in which {@link HeldLock#isHeld} was true: {@code stay <key> <fence> <entered> <left> <lost>}, in the
 * nanoseconds of this machine's monotonic clock, and {@code in <key> <fence>} when it begins.
 */
final class ContestingProgram {

    private ContestingProgram() {}

    static LockKey key(int number) {
        return LockKey.of("contested", number);
    }

    /** Arguments: client, address, lease in ms, number of keys, seed, longest stay and longest pause in ms. */
    public static void main(String[] args) throws Exception {
        Locks locks = Locks.builder(Backends.open(RedisClients.valueOf(args[0]), args[1]))
                .leaseTime(Duration.ofMillis(Long.parseLong(args[2])))
                .build();
        int keys = Integer.parseInt(args[3]);
        for (int number = 0; number < keys; number++) {
            int mine = number;
            Random random = new Random(Long.parseLong(args[4]) + number);
            Thread thread = new Thread(() -> {
                while (true) {
                    contend(locks, mine, random, Integer.parseInt(args[5]));
                    pause(random.nextInt(Integer.parseInt(args[6]) + 1));
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // until the parent has ended it, or is gone itself
        }
        System.exit(0);
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
