package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.schedules.Program;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Three threads that take one key, enter it again and give it back, and in every second program one that closes the
 * engine. Never may two be inside that exclude each other, nobody may wait for ever, and nothing may be held after the
 * end.
 */
public final class EngineProgram implements Program {

    private static final int TAKERS = 3;
    private static final int TURNS = 2;

    private final LockEngine locks;
    private final boolean closes;
    private final int room;
    private final LockOptions options;
    private final List<Taker> takers = new ArrayList<>();
    private int inside;

    public EngineProgram(long seed) {
        Random random = new Random(seed);
        this.locks = ExploredEngines.engine(random.nextBoolean() ? 0 : 200_000);
        this.closes = seed % 2 == 1;
        boolean permits = random.nextInt(3) == 0;
        this.room = permits ? 2 : 1;
        LockOptions kind = permits ? LockOptions.defaults().permits(2) : LockOptions.defaults();
        this.options = random.nextInt(3) == 0 ? kind.fair(true) : kind;
        for (int i = 0; i < TAKERS; i++) {
            takers.add(new Taker(random.nextLong()));
        }
    }

    @Override
    public List<Runnable> threads() {
        List<Runnable> threads = new ArrayList<>();
        takers.forEach(taker -> threads.add(taker::run));
        if (closes) {
            threads.add(locks::close);
        }
        return threads;
    }

    @Override
    public void check() {
        for (Taker taker : takers) {
            if (taker.kept != null && (taker.kept.isHeld() != !closes)) {
                throw new AssertionError(taker.kept + (closes ? " outlives the engine" : " is gone"));
            }
            if (taker.kept != null) {
                taker.kept.close();
            }
        }
        if (!locks.parts().gates().all().isEmpty()) {
            throw new AssertionError("still in use: " + locks.parts().gates().all());
        }
        locks.close();
    }

    private final class Taker {

        private final Random random;
        private HeldLock kept;

        Taker(long seed) {
            this.random = new Random(seed);
        }

        void run() {
            for (int i = 0; i < TURNS; i++) {
                take(random.nextInt(4) == 0 && closes);
            }
        }

        private void take(boolean keep) {
            if (kept != null) {
                return;
            }
            try {
                Duration wait = random.nextInt(3) == 0 ? Duration.ofMillis(1) : LockOptions.FOREVER;
                HeldLock held = locks.acquire(LockKey.of("thing", 1), options.waitTime(wait));
                if (keep) {
                    kept = held;
                } else {
                    use(held);
                }
            } catch (LockException e) {
                // the engine was closed, or it took too long
            }
        }

        private void use(HeldLock held) {
            inside++;
            try {
                if (inside > room && !closes) {
                    throw new AssertionError(inside + " inside of a lock for " + room);
                }
                locks.acquire(held.key(), options).close();
            } finally {
                inside--;
                held.close();
            }
        }
    }
}
