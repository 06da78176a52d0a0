package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.schedules.Program;
import io.lockweave.schedules.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Two engines on one store in simulated time, with leases that have to be renewed while answers are under way; some
 * renewals fail or are done without an answer, some grants are gone from the store, some locks are kept for a least
 * time. No two hold the lock at once, nobody believes in a lease for longer than the store keeps it, nobody loses a
 * lock for no reason, everybody is told of a loss, and the store keeps nothing for longer than asked.
 */
public final class KeeperProgram implements Program {

    private static final LockKey KEY = LockKey.of("thing", 1);
    private static final LockKey STORED = KEY.in("test");
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LEASE = 30 * MILLI;
    private static final int TURNS = 2;

    private final Random random;
    private final LeasedStore store;
    private final List<LockEngine> engines = new ArrayList<>();
    private final List<HeldLock> inside = new ArrayList<>();
    private final LockOptions options;
    private final boolean loses;
    private final boolean isSure;
    private final boolean fails;
    private final long slowest;
    private int losses;
    private int told;

    public KeeperProgram(long seed) {
        this.random = new Random(seed);
        boolean slow = random.nextInt(4) == 0;
        this.loses = random.nextInt(3) == 0;
        boolean losesAnswers = random.nextInt(6) == 0;
        this.isSure = !slow && !loses && !losesAnswers;
        this.slowest = slow ? LEASE / 2 : 2 * MILLI;
        this.fails = random.nextBoolean();
        this.store = new LeasedStore(random, slowest, fails, losesAnswers);
        LockOptions kind =
                LockOptions.defaults().leaseTime(Duration.ofNanos(LEASE)).waitTime(LockOptions.FOREVER);
        this.options = random.nextInt(3) == 0 ? kind.holdAtLeast(Duration.ofNanos(LEASE / 3)) : kind;
        for (int i = 0; i < 2; i++) {
            engines.add(ExploredEngines.engineInTime(store));
        }
    }

    @Override
    public List<Runnable> threads() {
        List<Runnable> threads = new ArrayList<>();
        engines.forEach(engine -> threads.add(() -> take(engine)));
        threads.add(() -> take(engines.get(0)));
        if (loses) {
            threads.add(this::lose);
        }
        return threads;
    }

    private void take(LockEngine engine) {
        for (int turn = 0; turn < TURNS; turn++) {
            try (HeldLock held = engine.acquire(KEY, options)) {
                stay(held);
            } catch (LockBackendException e) {
                // its release failed, and is tried again
            } catch (LockException e) {
                if (isSure) {
                    throw new AssertionError("nothing was lost, but " + e, e);
                }
            }
        }
    }

    private void stay(HeldLock held) {
        held.onLost(lost -> told++);
        inside.add(held);
        try {
            for (int steps = random.nextInt(12); steps > 0; steps--) {
                check(held);
                rest(random.nextLong(LEASE / 3));
            }
            check(held);
        } finally {
            inside.remove(held);
            losses += held.isLost() ? 1 : 0;
        }
    }

    private void check(HeldLock held) {
        if (isSure && !held.isHeld()) {
            throw new AssertionError(held + " was lost for no reason");
        }
        if (!held.isHeld()) {
            return;
        }
        if (inside.stream().anyMatch(other -> other != held && other.isHeld())) {
            throw new AssertionError("at once: " + inside);
        }
        long now = LeasedStore.now();
        if (!loses && held.remaining().toNanos() > store.end(STORED) - now) {
            throw new AssertionError(held + " believes in a lease of " + held.remaining() + ", the store keeps it for "
                    + (store.end(STORED) - now) + " ns");
        }
    }

    private void lose() {
        rest(random.nextLong(4 * LEASE));
        store.lose(STORED);
    }

    private static void rest(long nanos) {
        Schedule.until(() -> false, nanos);
    }

    @Override
    public void check() {
        rest(5 * slowest); // what is under way arrives
        long left = store.end(STORED) - LeasedStore.now();
        if (left > (fails ? LEASE : options.holdAtLeast().toNanos())) {
            throw new AssertionError("left in the store for " + left + " ns: " + store.held);
        }
        rest(2 * LEASE);
        if (told < losses) {
            throw new AssertionError(losses + " holds were lost, of which " + told + " were told");
        }
        engines.forEach(LockEngine::close);
    }
}
