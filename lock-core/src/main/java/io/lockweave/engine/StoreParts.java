package io.lockweave.engine;

import io.lockweave.spi.LockStore;

/**
 * What an engine has if a store keeps its locks.
 *
 * @param store the store
 * @param claims how it asks the store
 * @param keeper keeps grants alive
 * @param reclaim gives back what the store has granted
 * @param unused finds grants that no hold uses
 * @param sentReleases releases that nobody waits for
 * @param handOverBound how long a grant may stay in this JVM
 * @param losses tells of holds that were lost
 * @param state whether the locks are closed
 */
record StoreParts(
        LockStore store,
        ClaimFactory claims,
        LeaseKeeper keeper,
        Reclaim reclaim,
        UnusedGrants unused,
        SentReleases sentReleases,
        HandOverBound handOverBound,
        Losses losses,
        EngineState state) {}
