package io.lockweave.engine;

import io.lockweave.LockLostException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What is to run when a hold is lost, each action at most once. Safe for use from any thread. */
final class LossActions {

    /** An action of a hold's first handle; of no further use once that is closed. */
    record OfFirst(Consumer<LockLostException> action) implements Consumer<LockLostException> {

        @Override
        public void accept(LockLostException lost) {
            action.accept(lost);
        }
    }

    private final List<Consumer<LockLostException>> actions = new CopyOnWriteArrayList<>();

    void add(Consumer<LockLostException> action) {
        actions.add(action);
    }

    /** The action is not to run any more. */
    void forget(Consumer<LockLostException> action) {
        actions.remove(action);
    }

    /** The first handle was closed. */
    void forgetFirst() {
        actions.removeIf(action -> action instanceof OfFirst);
    }

    /** Hands each action that has not run yet to this runner. */
    void run(Consumer<Consumer<LockLostException>> runner) {
        for (Consumer<LockLostException> action : List.copyOf(actions)) {
            if (actions.remove(action)) {
                runner.accept(action);
            }
        }
    }
}
