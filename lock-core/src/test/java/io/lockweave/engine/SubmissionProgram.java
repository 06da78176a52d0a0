package io.lockweave.engine;

import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.schedules.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Two threads that submit tasks for one key or two, one that cancels tasks, and in some programs one that closes the
 * engine. The tasks of a key run one at a time and those of a thread in its order, what was cancelled before it began
 * does not run, every result is known after the end, and nothing is in use then.
 */
public final class SubmissionProgram implements Program {

    private static final int TASKS = 3;

    private final LockEngine locks;
    private final boolean closes;
    private final boolean cancels;
    private final List<LockKey> keys;
    private final List<Task> tasks = new ArrayList<>();
    private final int[] last = {-1, -1};
    private final List<String> faults = new ArrayList<>();
    private int inside;

    public SubmissionProgram(long seed) {
        Random random = new Random(seed);
        this.locks = random.nextBoolean() ? ExploredEngines.engine(0) : ExploredEngines.engineOn(new MapStore(), 0);
        this.closes = random.nextInt(3) == 0;
        this.cancels = random.nextBoolean();
        LockKey one = LockKey.of("thing", 1);
        this.keys = random.nextBoolean() ? List.of(one) : List.of(one, LockKey.of("thing", 2));
    }

    @Override
    public List<Runnable> threads() {
        List<Runnable> threads = new ArrayList<>(List.of(() -> submit(0), () -> submit(1)));
        if (cancels) {
            threads.add(() -> List.copyOf(tasks).forEach(Task::cancel));
        }
        if (closes) {
            threads.add(locks::close);
        }
        return threads;
    }

    private void submit(int thread) {
        LockOptions options = LockOptions.defaults().waitTime(LockOptions.FOREVER);
        for (int i = 0; i < TASKS; i++) {
            Task task = new Task(thread, i);
            try {
                task.result = locks.submit(keys, options, task::run);
                tasks.add(task);
            } catch (LockException e) {
                if (!closes) {
                    faults.add("refused: " + e);
                }
            }
        }
    }

    private final class Task {

        private final int thread;
        private final int number;
        private CompletableFuture<Integer> result;
        private boolean cancelled;

        Task(int thread, int number) {
            this.thread = thread;
            this.number = number;
        }

        int run() {
            inside++;
            if (inside > 1 && !closes) {
                faults.add("two tasks of a key at once");
            }
            if (last[thread] >= number) {
                faults.add("task " + number + " runs after task " + last[thread]);
            }
            last[thread] = number;
            locks.isLocked(keys.get(0)); // others go on meanwhile
            inside--;
            return number;
        }

        void cancel() {
            cancelled = number != 1 && result.cancel(false);
        }

        void check() {
            if (!result.isDone()) {
                faults.add("never answered: " + thread + "." + number);
            }
            if (!closes
                    && !cancelled
                    && !Integer.valueOf(number)
                            .equals(result.exceptionally(e -> null).join())) {
                faults.add("failed: " + thread + "." + number);
            }
        }
    }

    @Override
    public void check() {
        if (!closes) {
            tasks.forEach(task -> task.result.exceptionally(e -> null).join());
        }
        locks.close();
        tasks.forEach(Task::check);
        if (!faults.isEmpty()) {
            throw new AssertionError(String.join(", ", faults));
        }
        if (!locks.parts().gates().all().isEmpty()) {
            throw new AssertionError("still in use: " + locks.parts().gates().all());
        }
    }
}
