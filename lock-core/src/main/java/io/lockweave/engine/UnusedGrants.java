package io.lockweave.engine;

import org.jspecify.annotations.Nullable;

/** Grants of the store that no hold uses: whoever finds one has it given back. */
final class UnusedGrants {

    private final LeaseKeeper keeper;
    private final Reclaim reclaim;

    UnusedGrants(LeaseKeeper keeper, Reclaim reclaim) {
        this.keeper = keeper;
        this.reclaim = reclaim;
    }

    /** Releases a grant unless it is used. */
    void giveBack(LeasedGrant live) {
        if (live.endIfUnused()) {
            keeper.forget(live);
            reclaim.withdraw(live.grant().claim());
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
        @Nullable LeasedGrant parked = side == null ? null : side.takeParked();
        if (parked != null) {
            giveBack(parked);
        }
    }
}
