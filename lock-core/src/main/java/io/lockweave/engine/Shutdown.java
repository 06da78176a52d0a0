package io.lockweave.engine;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How the locks of one engine end: at once, or after a drain. */
final class Shutdown {

    /** How often a claim that has entered is given the processor to say who it is. */
    private static final int MOST_LOOKS = 1_000;

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    private final EngineParts parts;
    private volatile @Nullable Drain drain;

    Shutdown(EngineParts parts) {
        this.parts = parts;
    }

    CompletableFuture<Boolean> drain(Duration acceptTime, Duration holdTime, Owner caller) {
        Drain begun = new Drain(parts, caller, Nanos.of(acceptTime), Nanos.of(holdTime));
        drain = begun;
        parts.state().drain(begun);
        return begun.begin(() -> endWaits(begun));
    }

    /** Ends the waiting of these owners. */
    private void endWaits(Predicate<Owner> whose) {
        for (Gate gate : parts.gates().all()) {
            StoreSide side = gate.knownStoreSide();
            if (side != null) {
                endWaits(side.line, whose);
            }
            endWaits(gate, whose);
        }
        parts.contenders().wakeAll();
    }

    private static void endWaits(Turnstile gate, Predicate<Owner> whose) {
        for (Waiter waiter : gate.waiters()) {
            if (whose.test(waiter.owner) && gate.cancel(waiter)) {
                waiter.wake();
            }
        }
    }

    void close() {
        parts.state().close();
        Drain begun = drain;
        if (begun != null) {
            begun.end();
        }
        endWaits(owner -> true);
        warnOfHolds(begun != null);
        for (Gate gate : parts.gates().all()) {
            awaitEntrants(gate);
            parts.eviction().loseAll(gate, "the locks were closed", begun == null);
        }
        StoreParts store = parts.storeParts();
        if (store != null) {
            store.reclaim().close();
        }
        parts.timers().close();
        parts.workers().closeIo();
        if (store != null) {
            store.keeper().close();
        }
        parts.workers().closeCallBacks();
        parts.backend().close();
    }

    private void warnOfHolds(boolean drained) {
        long held = parts.gates().all().stream()
                .mapToLong(gate -> gate.holds().size())
                .sum();
        if (held > 0) {
            LOG.log(
                    Level.WARNING,
                    "The locks of backend " + parts.backend().name() + " are closed while " + held
                            + " are held; they are " + (drained ? "left to their leases" : "released")
                            + ". End the work under them first.");
        }
    }

    /**
     * A claim of the local backend enters a gate by one step and says who it is by the next, which its look whether
     * these locks are closed may overtake. So units without a holder are waited for: that claim is about to be seen, or
     * to leave. Whoever enters later sees that these locks are closed.
     */
    @SuppressWarnings("ThreadPriorityCheck") // the claim needs the processor for one step, and nothing else is awaited
    private void awaitEntrants(Gate gate) {
        boolean local = parts.storeParts() == null;
        for (int i = 0; local && i < MOST_LOOKS && gate.inside() > unitsOf(gate.holds()); i++) {
            Thread.yield();
        }
    }

    private static int unitsOf(List<Hold> holds) {
        return holds.stream().mapToInt(Hold::units).sum();
    }
}
