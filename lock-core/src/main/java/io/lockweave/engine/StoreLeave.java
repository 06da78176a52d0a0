package io.lockweave.engine;

import io.lockweave.LockEvent;
import io.lockweave.LockMode;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;

/**
 * How a hold of a store ends: the grant stays with the other shared holders of this JVM, or passes to the next waiter here
 * (hand-over), or is kept for its least time, or is released. Whatever happens, the gate is left.
 */
final class StoreLeave {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    private final Core core;
    private final LockStore store;
    private final Keeper keeper;
    private final Hold hold;
    private final LiveGrant live;
    private final Gate gate;

    StoreLeave(Core core, LockStore store, Keeper keeper, Hold hold, LiveGrant live) {
        this.core = core;
        this.store = store;
        this.keeper = keeper;
        this.hold = hold;
        this.live = live;
        this.gate = hold.gate();
    }

    void run() {
        gate.dismiss(hold);
        long now = core.now();
        LiveGrant.Parting parting = live.part(hold, hold.since() + hold.ask().holdAtLeastNanos());
        boolean last = parting == LiveGrant.Parting.LAST;
        boolean over = parting == LiveGrant.Parting.LOST || live.deadline() - now <= 0;
        if (last && !over && handOver(now)) {
            hold.fire(LockEvent.Type.RELEASED, null, "");
            return;
        }
        try {
            if (over) {
                keeper.forget(live);
                live.lose("its lease ended before it could be renewed"); // others may share it
                lost("its lease ended before it was released");
            } else if (last && live.endIfUnused()) {
                keeper.forget(live);
                release(now);
            } else {
                hold.fire(LockEvent.Type.RELEASED, null, "");
            }
        } catch (RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "Releasing lock " + hold.key() + " failed; it ends with its lease in "
                            + Duration.ofNanos(live.deadline() - now).toMillis() + " ms",
                    e);
            hold.fire(LockEvent.Type.RELEASE_FAILED, e, "");
            throw e;
        } finally {
            gate.leave(hold.units());
        }
    }

    private boolean handOver(long now) {
        if (!core.settings().handOver()
                || core.isClosed()
                || hold.ask().mode() == LockMode.SHARED
                || !gate.hasQueue()
                || !live.mayPass(now, core.longestHandOver())
                || !gate.storeSide().park(live)) {
            return false;
        }
        if (!gate.leave(hold.units())) {
            core.giveBackOrphan(gate);
        }
        return true;
    }

    private void release(long now) {
        long keep = live.keepNanos(now);
        boolean held = keep > 0
                ? store.renew(List.of(live.grant()), Duration.ofNanos(keep)).get(0) == Renewal.HELD
                : store.release(live.grant());
        if (held) {
            hold.fire(LockEvent.Type.RELEASED, null, "");
        } else {
            lost("the store no longer had it when it was released");
        }
    }

    private void lost(String why) {
        hold.foundLost(why);
        core.reportLost(hold, why);
    }
}
