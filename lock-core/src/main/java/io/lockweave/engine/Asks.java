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
final class Asks {

    /** How many options are remembered. */
    private static final int REMEMBERED = 32;

    private final Core core;

    /**
     * Read and written by any thread without order: what it holds is immutable, and missing an entry costs time only.
     */
    private final @Nullable Settled[] settled = new Settled[REMEMBERED];

    private record Settled(LockOptions options, Ask ask) {}

    Asks(Core core) {
        this.core = core;
    }

    /**
     * The options with everything filled in.
     *
     * @throws LockUsageException if the backend cannot honour them
     */
    Ask of(LockKey key, LockOptions options) {
        int place = System.identityHashCode(options) & REMEMBERED - 1;
        Settled known = settled[place];
        if (known != null && known.options == options) {
            return known.ask;
        }
        Ask ask = settle(options);
        requireCapabilities(key, ask);
        settled[place] = new Settled(options, ask);
        return ask;
    }

    /**
     * Makes sure that they can be honoured.
     *
     * @throws LockUsageException if the backend cannot
     */
    void check(LockOptions options) {
        requireCapabilities(null, settle(options));
    }

    private Ask settle(LockOptions options) {
        Duration wait = options.waitTime();
        Duration own = options.leaseTime();
        Duration lease = own == null ? core.settings().leaseTime() : own;
        requireThatItIsHeldSoLong(options, lease);
        return new Ask(
                options.mode(),
                options.permits(),
                options.fair(),
                options.fair(),
                Nanos.of(wait == null ? core.settings().waitTime() : wait),
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
        return release == LockRelease.CONFIGURED ? core.settings().sendReleases() : release == LockRelease.SENT;
    }

    private void requireCapabilities(@Nullable LockKey key, Ask ask) {
        if (ask.mode() == LockMode.SHARED) {
            require(key, ask, Capability.SHARED, "");
        } else if (ask.mode() == LockMode.PERMIT) {
            require(key, ask, Capability.PERMITS, "");
        }
        if (ask.fair()) {
            require(key, ask, Capability.FAIR, "fair");
        }
        if (core.store() != null && (!ask.renew() || ask.holdAtLeastNanos() > 0)) {
            require(key, ask, Capability.LEASE, ask.renew() ? "with holdAtLeast" : "with renew = false");
        }
    }

    private void require(@Nullable LockKey key, Ask ask, Capability needed, String what) {
        if (!core.backend().capabilities().contains(needed)) {
            throw Complaints.cannot(
                    key == null ? "of any key" : core.namespace().full(key).toString(),
                    core.backend().name(),
                    ask.mode(),
                    what,
                    "use a backend that has " + needed + ", or leave that option out; this one has "
                            + new TreeSet<>(core.backend().capabilities()));
        }
    }
}
