package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.schedules.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Many futures for one lock, of which each gives it back as soon as it completes; some are cancelled. All of them
 * complete, one at a time, and none on the stack of the one before.
 */
public final class AsyncProgram implements Program {

    private static final LockKey KEY = LockKey.of("thing", 1);

    /** Far more than one completion needs, and less than a few of them one on the other. */
    private static final int MOST_DEEP = 120;

    private final Random random;
    private final LockEngine locks;
    private final int many;
    private final List<CompletableFuture<HeldLock>> results = new ArrayList<>();
    private int inside;
    private int most;
    private int served;
    private long deepest;

    public AsyncProgram(long seed) {
        this.random = new Random(seed);
        this.many = 3 + random.nextInt(10);
        this.locks = random.nextBoolean() ? ExploredEngines.engine(0) : ExploredEngines.engineOn(new MapStore(), 0);
    }

    @Override
    public List<Runnable> threads() {
        return List.of(() -> options(many), () -> options(2), this::cancel);
    }

    private void options(int times) {
        LockOptions options = LockOptions.defaults().waitTime(LockOptions.FOREVER);
        for (int i = 0; i < times; i++) {
            CompletableFuture<HeldLock> result = locks.acquireAsync(KEY, options);
            results.add(result);
            result.thenAccept(this::use);
        }
    }

    private void use(HeldLock held) {
        inside++;
        most = Math.max(most, inside);
        deepest = Math.max(deepest, StackWalker.getInstance().walk(frames -> frames.count()));
        served++;
        inside--;
        held.close();
    }

    private void cancel() {
        if (results.size() > 2 && random.nextBoolean()) {
            results.get(random.nextInt(results.size())).cancel(false);
        }
    }

    @Override
    public void check() {
        results.forEach(result -> result.exceptionally(e -> null).join());
        locks.close();
        long cancelled = results.stream().filter(CompletableFuture::isCancelled).count();
        if (served + cancelled < results.size()) {
            throw new AssertionError(served + " were served and " + cancelled + " cancelled of " + results.size());
        }
        if (most > 1) {
            throw new AssertionError(most + " at once");
        }
        if (deepest > MOST_DEEP) {
            throw new AssertionError("completed " + deepest + " calls deep");
        }
        if (!locks.parts().gates().all().isEmpty()) {
            throw new AssertionError("still in use: " + locks.parts().gates().all());
        }
    }
}
