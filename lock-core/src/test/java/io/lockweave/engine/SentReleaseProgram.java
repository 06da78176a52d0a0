package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockRelease;
import io.lockweave.schedules.Program;
import java.time.Duration;
import java.util.List;

/**
 * A thread that takes a lock of a store and gives it back without awaiting the store, and then asks for it again with
 * no time to wait: nobody else wants it, so it gets it each time.
 */
public final class SentReleaseProgram implements Program {

    private static final LockKey KEY = LockKey.of("thing", 1);
    private static final int TURNS = 3;

    private final MapStore store = new MapStore();
    private final LockEngine locks = ExploredEngines.engineOn(store, 0);
    private final LockOptions options =
            LockOptions.defaults().release(LockRelease.SENT).waitTime(Duration.ZERO);
    private final boolean tries;

    public SentReleaseProgram(long seed) {
        this.tries = seed % 2 == 0;
    }

    @Override
    public List<Runnable> threads() {
        return List.of(this::take);
    }

    private void take() {
        for (int i = 0; i < TURNS; i++) {
            acquire().close();
        }
    }

    private HeldLock acquire() {
        return tries ? locks.tryAcquire(KEY, options).orElseThrow() : locks.acquire(KEY, options);
    }

    @Override
    public void check() {
        locks.close();
        if (!store.held.isEmpty()) {
            throw new AssertionError("left in the store: " + store.held);
        }
    }
}
