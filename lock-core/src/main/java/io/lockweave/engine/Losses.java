package io.lockweave.engine;

import io.lockweave.LockEvent;
import io.lockweave.LockLostException;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** Tells of holds that were lost, on threads that nothing else of the engine waits for. */
final class Losses {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    private final Workers workers;
    private final EngineState state;
    private final Namespace namespace;

    Losses(Workers workers, EngineState state, Namespace namespace) {
        this.workers = workers;
        this.state = state;
        this.namespace = namespace;
    }

    void report(Hold hold, String why) {
        boolean open = !state.isClosed();
        workers.loss(() -> {
            if (open) {
                LOG.log(
                        Level.WARNING,
                        "Lock " + namespace.full(hold.key()) + " (fence " + hold.fence() + ", held by " + hold.owner()
                                + ") was lost: " + why + ". Another holder may enter while its work goes on.");
            }
            hold.fire(LockEvent.Type.LOST, hold.lostException(), why);
            hold.runLossActions();
        });
    }

    void run(Hold hold, Consumer<LockLostException> action) {
        workers.loss(() -> {
            try {
                action.accept(hold.lostException());
            } catch (Throwable e) { // the other actions run all the same
                LOG.log(Level.WARNING, "An onLost action of lock " + namespace.full(hold.key()) + " failed", e);
            }
        });
    }
}
