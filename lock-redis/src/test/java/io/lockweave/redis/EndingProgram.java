package io.lockweave.redis;

import io.lockweave.HeldLock;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.Lockweave;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A program whose work under a lock ends badly; configured by system properties. Says on its output how far it is. */
final class EndingProgram {

    static final LockKey KEY = LockKey.of("ending", 1);
    static final LockKey OTHER = LockKey.of("ending", 2);

    private EndingProgram() {}

    /** Argument: how it ends. */
    public static void main(String[] args) throws Exception {
        Locks locks = Lockweave.locks();
        switch (args[0]) {
            case "overflow" -> survives(locks, () -> descend(0));
            case "memory" -> survives(locks, () -> fill(new ArrayList<>()));
            case "death" ->
                survives(locks, () -> {
                    throw new ThreadDeath();
                });
            case "exit" ->
                locks.call(KEY, () -> {
                    System.out.println("held");
                    new Thread(() -> System.exit(3)).start();
                    new CountDownLatch(1).await();
                    return null;
                });
            default -> holdsAndWaits(locks);
        }
    }

    /** Its own error comes out, the lock is free while the program goes on, and other locks are still renewed. */
    private static void survives(Locks locks, Runnable work) throws Exception {
        HeldLock other = locks.acquire(OTHER, LockOptions.defaults().leaseTime(Duration.ofMillis(900)));
        try {
            locks.call(KEY, () -> {
                work.run();
                return null;
            });
        } catch (StackOverflowError | OutOfMemoryError | ThreadDeath e) {
            System.out.println("ended by " + e.getClass().getSimpleName());
        }
        Thread.sleep(1_800); // two leases of the other lock
        System.out.println("other " + other.isHeld());
        System.in.read();
    }

    private static void holdsAndWaits(Locks locks) throws Exception {
        HeldLock held = locks.acquire(KEY);
        Thread waiter = new Thread(() -> {
            try {
                locks.acquire(KEY);
            } catch (LockException e) {
                System.out.println("waiter " + e.getClass().getSimpleName());
            }
        });
        waiter.start();
        while (locks.inspect().stream().allMatch(lock -> lock.waiters().isEmpty())) {
            Thread.sleep(1);
        }
        System.out.println("held " + held.fence());
        waiter.join();
        new CountDownLatch(1).await();
    }

    private static int descend(int depth) {
        return depth < 0 ? 0 : descend(depth + 1) + 1;
    }

    private static void fill(List<byte[]> memory) {
        while (true) {
            memory.add(new byte[1 << 20]);
        }
    }
}
