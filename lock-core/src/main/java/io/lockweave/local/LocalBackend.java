package io.lockweave.local;

import io.lockweave.spi.Capability;
import io.lockweave.spi.LockBackend;
import java.util.EnumSet;
import java.util.Set;

/**
 * Locks inside one JVM: the engine's gates with no store behind them. Exclusive, shared and permit, fair on request,
 * reentrant, usable from asynchronous code, and nothing is kept for a key that is not in use.
 */
public final class LocalBackend implements LockBackend {

    private static final Set<Capability> CAPABILITIES =
            Set.copyOf(EnumSet.of(Capability.SHARED, Capability.PERMITS, Capability.FAIR, Capability.DURABLE_FENCE));

    @Override
    public String name() {
        return "local";
    }

    @Override
    public String description() {
        return "inside this JVM only";
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public void close() {
        // nothing was opened
    }
}
