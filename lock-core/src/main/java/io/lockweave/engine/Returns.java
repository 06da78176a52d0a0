package io.lockweave.engine;

import io.lockweave.spi.Claim;
import io.lockweave.spi.LockStore;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** How what the store has granted, and no hold gives back, is given back: soon, and never on a caller's thread. */
final class Returns {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    private final LockStore store;
    private final Keeper keeper;
    private final Workers workers;

    Returns(LockStore store, Keeper keeper, Workers workers) {
        this.store = store;
        this.keeper = keeper;
        this.workers = workers;
    }

    /** Takes back whatever the store has granted to or queued for a claim. */
    void withdraw(Claim claim) {
        workers.io(() -> {
            try {
                if (!workers.haveGivenUpStore()) {
                    store.withdraw(claim);
                }
            } catch (RuntimeException e) {
                LOG.log(
                        Level.WARNING,
                        "Withdrawing a claim on lock " + claim.key()
                                + " failed; if it was granted, it ends with its lease of "
                                + claim.lease().toMillis() + " ms",
                        e);
            }
        });
    }

    /** Releases a grant that nobody uses. */
    void giveBack(LiveGrant live) {
        if (live.endIfUnused()) {
            keeper.forget(live);
            withdraw(live.grant().claim());
        }
    }

    /** Releases a grant that was left for waiters who all went away. */
    void giveBackOrphan(Gate gate) {
        if (!gate.hasQueue()) {
            giveBackParked(gate);
        }
    }

    /** Releases a grant that was left for the next one inside. */
    void giveBackParked(Gate gate) {
        StoreSide side = gate.knownStoreSide();
        @Nullable LiveGrant parked = side == null ? null : side.takeParked();
        if (parked != null) {
            giveBack(parked);
        }
    }

    /** Loses a grant that is in use here. */
    void lose(LiveGrant live, String why) {
        keeper.forget(live);
        live.lose(why);
    }
}
