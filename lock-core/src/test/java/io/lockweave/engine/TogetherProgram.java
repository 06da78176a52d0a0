package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.schedules.Program;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.JointAttempt;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Three threads that take two of three locks together, blocking or with a future that may be cancelled, and one that
 * takes one of them; in some programs grants are lost in the store. Nobody shares a lock, nobody waits for ever, a lock
 * that was lost is known to be, and after the end neither the engine nor the store has anything left.
 */
public final class TogetherProgram implements Program {

    private static final int TURNS = 2;

    /** Takes and frees several locks in one step. */
    private static final class Store extends MapStore {

        private final Set<Capability> capabilities;

        Store(boolean together) {
            capabilities = EnumSet.copyOf(super.capabilities());
            if (together) {
                capabilities.add(Capability.TOGETHER);
            }
        }

        @Override
        public Set<Capability> capabilities() {
            return capabilities;
        }

        @Override
        public JointAttempt tryAcquireAll(List<Claim> claims) {
            if (claims.stream().anyMatch(claim -> held.containsKey(claim.key()))) {
                return JointAttempt.Apart.APART;
            }
            List<Grant> grants = new ArrayList<>();
            for (Claim claim : claims) {
                if (!(tryAcquire(claim) instanceof io.lockweave.spi.Attempt.Granted granted)) {
                    grants.forEach(this::release);
                    return JointAttempt.Apart.APART;
                }
                grants.add(granted.grant());
            }
            return new JointAttempt.Granted(grants);
        }

        void lose(Grant grant) {
            losses.lost(grant.owner(), "as the program wants it");
            release(grant);
        }
    }

    private final Store store;
    private final LockEngine locks;
    private final boolean loses;
    private final boolean waits;
    private final List<Random> randoms = new ArrayList<>();
    private final Map<LockKey, HeldLock> inside = new HashMap<>();

    public TogetherProgram(long seed) {
        Random random = new Random(seed);
        this.store = new Store(random.nextInt(4) > 0);
        this.locks = ExploredEngines.engineOn(store, 0);
        this.loses = random.nextInt(3) == 0;
        this.waits = random.nextBoolean();
        for (int i = 0; i < 3; i++) {
            randoms.add(new Random(random.nextLong()));
        }
    }

    @Override
    public List<Runnable> threads() {
        List<Runnable> threads = new ArrayList<>();
        randoms.forEach(random -> threads.add(() -> take(random)));
        if (loses) {
            threads.add(() -> List.copyOf(store.held.values()).forEach(store::lose));
        }
        return threads;
    }

    private void take(Random random) {
        LockOptions options = LockOptions.defaults();
        options = waits ? options.waitTime(LockOptions.FOREVER) : options.waitTime(java.time.Duration.ofMillis(1));
        for (int turn = 0; turn < TURNS; turn++) {
            int without = random.nextInt(4);
            List<LockKey> keys = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                if (i != without && (without < 3 || i == 0)) {
                    keys.add(LockKey.of("thing", i));
                }
            }
            try (HeldLock held = random.nextBoolean() ? locks.acquireAll(keys, options) : soon(random, keys, options)) {
                enter(held);
            } catch (LockException | java.util.concurrent.CompletionException e) {
                // it took too long, or was lost before it was released
            } catch (java.util.concurrent.CancellationException e) {
                // as the program wants it
            }
        }
    }

    private HeldLock soon(Random random, List<LockKey> keys, LockOptions options) {
        CompletableFuture<HeldLock> result = locks.acquireAllAsync(keys, options);
        if (random.nextInt(3) == 0) {
            result.cancel(false);
        }
        return result.join();
    }

    private void enter(HeldLock held) {
        for (HeldLock part : held.parts()) {
            HeldLock before = inside.put(part.key(), part);
            if (before != null && before.isHeld() && part.isHeld()) {
                throw new AssertionError(before + " and " + part + " at once");
            }
        }
        if (held.isLost() && held.isHeld()) {
            throw new AssertionError(held + " is both held and lost");
        }
        locks.isLocked(held.key()); // others go on meanwhile
        held.parts().forEach(part -> inside.remove(part.key(), part));
    }

    @Override
    public void check() {
        locks.close();
        if (!locks.parts().gates().all().isEmpty()) {
            throw new AssertionError("still in use: " + locks.parts().gates().all());
        }
        if (!store.held.isEmpty()) {
            throw new AssertionError("left in the store: " + store.held);
        }
    }
}
