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
        if (args[0].equals("late")) {
            Runtime.getRuntime().addShutdownHook(new Thread(EndingProgram::beginsLate));
            return;
        }
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
            case "drain" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> drains(locks)));
                HeldLock held = locks.acquire(KEY);
                System.out.println("held");
                new CountDownLatch(1).await();
                held.close();
            }
            case "finishes" -> {
                HeldLock held = locks.acquire(KEY);
                System.out.println("held");
                System.in.read(); // work, which goes on while the JVM ends
                System.out.println("done");
                held.close();
                new CountDownLatch(1).await();
            }
            default -> holdsAndWaits(locks);
        }
    }

    /** Locks for the first time while the JVM ends. */
    private static void beginsLate() {
        try {
            Lockweave.locks().acquire(KEY).close();
            System.out.println("locked");
        } catch (RuntimeException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /** A hook that works off what has come in, under a lock of its own for each, as servers do. */
    private static void drains(Locks locks) {
        try {
            for (int i = 0; i < 3; i++) {
                locks.call(OTHER, () -> {
                    System.out.println("working");
                    System.in.read();
                    return null;
                });
            }
            System.out.println("drained");
        } catch (Exception e) {
            System.out.println("not drained: " + e);
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
                locks.acquire(KEY).close();
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
