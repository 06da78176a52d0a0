package io.lockweave.engine;

import io.lockweave.LockKey;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * How locks end while work under them goes on: first all goes on as before, then owners that hold nothing get nothing,
 * and at last nothing is renewed any more.
 */
final class Drain implements Predicate<Owner> {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    /** How often to look whether anything is still held. */
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int MOST_KEYS = 20;

    private final EngineParts parts;
    private final Owner caller;
    private final long acceptUntil;
    private final long holdUntil;
    private final CompletableFuture<Boolean> result = new CompletableFuture<>();

    Drain(EngineParts parts, Owner caller, long acceptNanos, long holdNanos) {
        this.parts = parts;
        this.caller = caller;
        long now = parts.now();
        this.acceptUntil = now + acceptNanos;
        this.holdUntil = now + holdNanos;
    }

    /** Whether an owner is to get no lock any more. */
    @Override
    public boolean test(Owner owner) {
        return acceptUntil - parts.now() <= 0 && !owner.holdsAny();
    }

    /** Begins; whose waits end is told in time. */
    CompletableFuture<Boolean> begin(Runnable endWaits) {
        parts.timers().at(acceptUntil, endWaits);
        parts.timers().at(holdUntil, this::stopRenewing);
        look();
        return result;
    }

    private void look() {
        boolean over = holdUntil - parts.now() <= 0;
        if (over || (held().isEmpty() && owesNothing())) {
            result.completeAsync(() -> !over, parts.workers()::callBack);
        } else {
            parts.timers().at(parts.now() + LOOK, this::look);
        }
    }

    /** Whether nothing is still to be given back or asked of the store. */
    private boolean owesNothing() {
        StoreParts store = parts.storeParts();
        return parts.workers().isIoIdle() && (store == null || store.reclaim().areDone());
    }

    /** The locks were closed: nothing is waited for any more. */
    void end() {
        result.complete(held().isEmpty());
    }

    private void stopRenewing() {
        if (!parts.state().isDrainedBy(this)) {
            return; // another one, with other times, has taken over
        }
        List<LockKey> left = held();
        if (!left.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    left.size()
                            + " lock(s) are still held although their program is ending, and are no longer renewed: "
                            + left.subList(0, Math.min(left.size(), MOST_KEYS)));
        }
        StoreParts store = parts.storeParts();
        if (store != null) {
            store.keeper().stopRenewing();
        }
    }

    private List<LockKey> held() {
        return parts.gates().all().stream()
                .flatMap(gate -> gate.holds().stream())
                .filter(hold -> hold.isOpen() && hold.owner() != caller)
                .map(Hold::key)
                .toList();
    }
}
