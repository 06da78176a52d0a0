package io.lockweave.engine;

import org.jspecify.annotations.Nullable;

/** Takes a lock from everybody who holds it in this JVM. */
final class Eviction {

    private final @Nullable StoreParts store;

    Eviction(@Nullable StoreParts store) {
        this.store = store;
    }

    /**
     * Loses every hold of this JVM on the gate's key.
     *
     * @param givesBack whether the store is told at once
     */
    void loseAll(Gate gate, String why, boolean givesBack) {
        StoreParts known = store;
        if (known != null) {
            known.unused().giveBackParked(gate);
        }
        for (Hold hold : gate.holds()) {
            LeasedGrant live = hold.live();
            if (live == null || known == null) {
                hold.endKeeping();
                hold.lose(why);
            } else {
                try {
                    known.keeper().lose(live, why);
                } finally {
                    if (givesBack) { // after that, or somebody else would be inside before its holders know
                        known.reclaim().withdraw(live.grant().claim());
                    }
                }
            }
        }
    }
}
