package io.lockweave.benchmarks.stress;

import io.lockweave.LockKey;
import io.lockweave.Locks;
import java.util.concurrent.ThreadLocalRandom;

/** A key that nobody used before, so that the gate of the key is new too; the locks are the same for all. */
abstract class FreshKey {

    static final Locks LOCKS = Locks.local();

    final LockKey key = LockKey.of("stress", ThreadLocalRandom.current().nextLong());
}
