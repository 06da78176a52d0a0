package io.lockweave.engine;

import io.lockweave.HeldLock;
import io.lockweave.LockDeadlockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.schedules.Program;
import java.util.List;

/**
 * A thread that holds a lock and joins a task which waits for that lock, or in other programs for one that another
 * thread holds who waits for the first one: somebody is refused, whoever sees the cycle first.
 */
public final class JoinProgram implements Program {

    private static final LockKey ONE = LockKey.of("thing", 1);
    private static final LockKey TWO = LockKey.of("thing", 2);

    private final LockEngine locks = ExploredEngines.engine(0);
    private final LockOptions options = LockOptions.defaults().waitTime(LockOptions.FOREVER);
    private final boolean byItself;
    private int refused;

    public JoinProgram(long seed) {
        this.byItself = seed % 2 == 0;
    }

    @Override
    public List<Runnable> threads() {
        return byItself
                ? List.of(() -> joinUnder(ONE, ONE))
                : List.of(() -> joinUnder(ONE, TWO), () -> joinUnder(TWO, ONE));
    }

    private void joinUnder(LockKey mine, LockKey other) {
        try (HeldLock held = locks.acquire(mine, options)) {
            locks.submit(List.of(other), options, held::fence).join();
        } catch (LockDeadlockException e) {
            refused++;
        } catch (java.util.concurrent.CompletionException e) {
            if (!(e.getCause() instanceof LockDeadlockException)) {
                throw e;
            }
            refused++;
        }
    }

    @Override
    public void check() {
        locks.close();
        if (byItself && refused == 0) {
            throw new AssertionError("nobody was refused");
        }
    }
}
