package io.lockweave.engine;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockOptions;
import io.lockweave.LockRelease;
import io.lockweave.LockUsageException;
import io.lockweave.spi.Capability;
import java.time.Duration;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Fills in options and makes sure that the backend can honour them. What was found for the options used last is
 * remembered, since a place in a program asks with the same ones each time.
 */
final class OptionsResolver {

    /** How many options are remembered. */
    private static final int REMEMBERED = 32;

    private final EngineParts parts;

    /**
     * Read and written by any thread without order: what it holds is immutable, and missing an entry costs time only.
     */
    private final @Nullable Settled[] settled = new Settled[REMEMBERED];

    private record Settled(LockOptions options, ResolvedOptions resolved) {}

    OptionsResolver(EngineParts parts) {
        this.parts = parts;
    }

    /**
     * The options with everything filled in.
     *
     * @throws LockUsageException if the backend cannot honour them
     */
    ResolvedOptions of(LockKey key, LockOptions options) {
        int place = System.identityHashCode(options) & REMEMBERED - 1;
        Settled known = settled[place];
        if (known != null && known.options == options) {
            return known.resolved;
        }
        ResolvedOptions resolved = settle(options);
        requireCapabilities(key, resolved);
        settled[place] = new Settled(options, resolved);
        return resolved;
    }

    /**
     * Makes sure that they can be honoured.
     *
     * @throws LockUsageException if the backend cannot
     */
    void check(LockOptions options) {
        requireCapabilities(null, settle(options));
    }

    private ResolvedOptions settle(LockOptions options) {
        Duration wait = options.waitTime();
        Duration own = options.leaseTime();
        Duration lease = own == null ? parts.settings().leaseTime() : own;
        requireThatItIsHeldSoLong(options, lease);
        return new ResolvedOptions(
                options.mode(),
                options.permits(),
                options.fair(),
                options.fair(),
                Nanos.of(wait == null ? parts.settings().waitTime() : wait),
                Nanos.of(lease),
                options.renew(),
                Nanos.of(options.holdAtLeast()),
                sendsRelease(options.release()));
    }

    private static void requireThatItIsHeldSoLong(LockOptions options, Duration lease) {
        if (!options.renew() && options.holdAtLeast().compareTo(lease) > 0) {
            throw new LockUsageException(
                    "holdAtLeast = " + options.holdAtLeast() + " is longer than leaseTime = " + lease
                            + ", after which the lock is free since renew = false",
                    "give a longer leaseTime, or let the lock be renewed");
        }
    }

    private boolean sendsRelease(LockRelease release) {
        return release == LockRelease.CONFIGURED ? parts.settings().sendReleases() : release == LockRelease.SENT;
    }

    private void requireCapabilities(@Nullable LockKey key, ResolvedOptions resolved) {
        if (resolved.mode() == LockMode.SHARED) {
            require(key, resolved, Capability.SHARED, "");
        } else if (resolved.mode() == LockMode.PERMIT) {
            require(key, resolved, Capability.PERMITS, "");
        }
        if (resolved.fair()) {
            require(key, resolved, Capability.FAIR, "fair");
        }
        if (parts.storeParts() != null && (!resolved.renew() || resolved.holdAtLeastNanos() > 0)) {
            require(key, resolved, Capability.LEASE, resolved.renew() ? "with holdAtLeast" : "with renew = false");
        }
    }

    private void require(@Nullable LockKey key, ResolvedOptions resolved, Capability needed, String what) {
        if (!parts.backend().capabilities().contains(needed)) {
            throw UsageErrors.cannot(
                    key == null ? "of any key" : parts.namespace().full(key).toString(),
                    parts.backend().name(),
                    resolved.mode(),
                    what,
                    "use a backend that has " + needed + ", or leave that option out; this one has "
                            + new TreeSet<>(parts.backend().capabilities()));
        }
    }
}
