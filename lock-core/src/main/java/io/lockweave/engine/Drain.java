package io.lockweave.engine;

import io.lockweave.LockKey;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How locks end while work under them goes on: first all goes on as before, then owners that hold nothing get nothing,
 * and at last nothing is renewed any more.
 */
final class Drain {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    /** How often to look whether anything is still held. */
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int MOST_KEYS = 20;

    private final Core core;
    private final @Nullable Keeper keeper;
    private final Owner caller;
    private final long acceptUntil;
    private final long holdUntil;
    private final CompletableFuture<Boolean> result = new CompletableFuture<>();

    Drain(Core core, @Nullable Keeper keeper, Owner caller, long acceptNanos, long holdNanos) {
        this.core = core;
        this.keeper = keeper;
        this.caller = caller;
        long now = core.now();
        this.acceptUntil = now + acceptNanos;
        this.holdUntil = now + holdNanos;
    }

    /** Whether an owner is to get no lock any more. */
    boolean refuses(Owner owner) {
        return acceptUntil - core.now() <= 0 && !owner.holdsAny();
    }

    CompletableFuture<Boolean> begin() {
        core.timers().at(acceptUntil, () -> core.endWaits(this::refuses));
        core.timers().at(holdUntil, this::stopRenewing);
        look();
        return result;
    }

    private void look() {
        boolean over = holdUntil - core.now() <= 0;
        if (over || (held().isEmpty() && core.owesNothing())) {
            result.completeAsync(() -> !over, core.workers()::callBack);
        } else {
            core.timers().at(core.now() + LOOK, this::look);
        }
    }

    /** The locks were closed: nothing is waited for any more. */
    void end() {
        result.complete(held().isEmpty());
    }

    private void stopRenewing() {
        if (!core.isEndedBy(this)) {
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
        if (keeper != null) {
            keeper.stopRenewing();
        }
    }

    private List<LockKey> held() {
        return core.gates().all().stream()
                .flatMap(gate -> gate.holds().stream())
                .filter(hold -> hold.isOpen() && hold.owner() != caller)
                .map(Hold::key)
                .toList();
    }
}
