package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockRelease;
import io.lockweave.schedules.Program;
import io.lockweave.spi.Grant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Two or three threads that take one key of a store and give it back, in some programs without awaiting the store, one
 * that loses grants in the store meanwhile, one that interrupts a taker, and in every second program one that closes
 * the engine. Fences grow from one holder to the next, no two hold it at once, nobody waits for ever, and after the end
 * neither the engine nor the store has anything left.
 */
public final class StoreProgram implements Program {

    private static final LockKey KEY = LockKey.of("thing", 1);
    private static final int MOST_TAKERS = 3;
    private static final int TURNS = 2;

    /** Releases in one step, as a store does. */
    private static final class Store extends MapStore {

        @Override
        public boolean release(Grant grant) {
            return held.values().removeIf(holder -> holder.owner().equals(grant.owner()));
        }
    }

    private final Store store = new Store();
    private final LockEngine locks;
    private final boolean closes;
    private final boolean interrupts;
    private final LockRelease release;
    private final int losses;
    private final int fewer;
    private final Thread[] takers = new Thread[MOST_TAKERS];
    private final List<HeldLock> entered = new ArrayList<>();
    private final List<Grant> lost = new ArrayList<>();

    public StoreProgram(long seed) {
        this.closes = seed % 2 == 1;
        Random random = new Random(seed);
        this.losses = random.nextInt(3);
        this.interrupts = random.nextBoolean();
        this.fewer = random.nextInt(2);
        this.release = random.nextBoolean() ? LockRelease.SENT : LockRelease.AWAITED;
        this.locks = ExploredEngines.engineOn(store, random.nextBoolean() ? 0 : 200_000);
    }

    @Override
    public List<Runnable> threads() {
        List<Runnable> threads = new ArrayList<>();
        for (int i = 0; i < MOST_TAKERS - fewer; i++) {
            Duration wait = i == 0 ? Duration.ofMillis(1) : LockOptions.FOREVER;
            int number = i;
            threads.add(() -> {
                takers[number] = Thread.currentThread();
                take(wait);
            });
        }
        threads.add(this::lose);
        if (interrupts) {
            threads.add(() -> interrupt(takers[1]));
        }
        if (closes) {
            threads.add(locks::close);
        }
        return threads;
    }

    private void take(Duration wait) {
        LockOptions options = LockOptions.defaults().waitTime(wait).release(release);
        for (int i = 0; i < TURNS; i++) {
            try (HeldLock held = locks.acquire(KEY, options)) {
                enter(held);
            } catch (LockException e) {
                // the engine was closed, it took too long, or the lock was lost before it was released
            }
        }
    }

    private void enter(HeldLock held) {
        for (HeldLock before : entered) {
            if (before.fence() >= held.fence() && held.isHeld()) {
                throw new AssertionError(held + " comes after " + before);
            }
            if (before.isHeld() && held.isHeld()) {
                throw new AssertionError(held + " and " + before + " at once");
            }
        }
        for (Grant grant : lost) {
            if (held.fence() >= grant.fence() && held.fence() < grant.fence() + grant.fences() && held.isHeld()) {
                throw new AssertionError(held + " was given out of a grant that had been lost before");
            }
        }
        entered.add(held);
    }

    private static void interrupt(Thread taker) {
        if (taker != null) {
            taker.interrupt();
        }
    }

    private void lose() {
        for (int i = 0; i < losses; i++) {
            for (Grant grant : store.held.values()) {
                if (store.release(grant)) {
                    store.losses.lost(grant.owner(), "as the program wants it");
                    lost.add(grant);
                }
            }
        }
    }

    @Override
    public void check() {
        if (release == LockRelease.SENT) {
            locks.close(); // which waits for what was sent
        }
        if (!locks.parts().gates().all().isEmpty()) {
            throw new AssertionError("still in use: " + locks.parts().gates().all());
        }
        locks.close();
        if (!store.held.isEmpty()) {
            throw new AssertionError("left in the store: " + store.held);
        }
    }
}
