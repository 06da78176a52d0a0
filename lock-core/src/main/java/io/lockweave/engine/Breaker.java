package io.lockweave.engine;

import io.lockweave.Durations;
import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Refuses claims at once while the store is known to be down, so that not every caller waits its whole wait time for
 * nothing. It is known once nothing but failures has come for some time. Then one claim a second still asks; the first
 * answer ends it. Claims that were made before go on trying: the store may come back within their time. The circuit
 * breaker of Michael Nygard, "Release It!".
 */
final class Breaker {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    private static final long PROBE_EVERY = TimeUnit.SECONDS.toNanos(1);

    /** A failure longer ago than this says nothing of the store now. */
    private static final long STALE = TimeUnit.SECONDS.toNanos(5);

    /** Failures since the last answer. */
    private record Outage(long first, long last, LockBackendException why) {}

    private final String backend;
    private final long after;
    private volatile @Nullable Outage outage;
    private volatile boolean refuses;
    private long probed;

    Breaker(String backend, Duration failFastAfter) {
        this.backend = backend;
        this.after = Core.nanos(failFastAfter);
    }

    /** The store has answered. */
    void answered() {
        if (outage != null) {
            end();
        }
    }

    private synchronized void end() {
        outage = null;
        if (refuses) {
            refuses = false;
            LOG.log(Level.INFO, "The store of backend " + backend + " answers again; claims are made again");
        }
    }

    /** The store has failed in passing. */
    synchronized void failed(long now, LockBackendException why) {
        Outage known = outage;
        boolean goesOn = known != null && now - known.last() < STALE;
        outage = new Outage(goesOn ? known.first() : now, now, why);
    }

    /** Whether a claim is refused now, if it is not the one that asks. */
    boolean refuses(long now) {
        Outage known = outage;
        return known != null && isDown(known, now);
    }

    private boolean isDown(Outage known, long now) {
        return now - known.last() < STALE && now - known.first() >= after;
    }

    /** Why a new claim is refused; null if it is made. */
    @Nullable
    LockBackendException refusal(LockKey key, long now) {
        Outage known = outage;
        if (known == null || !isDown(known, now) || isProbe(now)) {
            return null;
        }
        return LockBackendException.passing(
                "Lock " + key + " is not asked for: the store of backend " + backend + " has not answered for "
                        + Durations.text(Duration.ofNanos(now - known.first())) + "; it is asked again every second. "
                        + known.why().getMessage(),
                known.why());
    }

    private synchronized boolean isProbe(long now) {
        if (!refuses) {
            refuses = true;
            probed = now;
            LOG.log(
                    Level.WARNING,
                    "The store of backend " + backend + " does not answer; claims are refused at once until it does");
            return false;
        }
        if (now - probed < PROBE_EVERY) {
            return false;
        }
        probed = now;
        return true;
    }
}
