package io.lockweave.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lockweave.Durations;
import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.LockOutage;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
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
    private final Executor writers;
    private final ReentrantLock lock = new ReentrantLock();

    /** Changed under the lock only. */
    private volatile @Nullable Outage outage;

    @GuardedBy("lock")
    private boolean refuses;

    @GuardedBy("lock")
    private long probed;

    /** The log is written where it holds up no claim and no renewal if it hangs. */
    Breaker(String backend, Duration failFastAfter, Executor writers) {
        this.backend = backend;
        this.after = Nanos.of(failFastAfter);
        this.writers = writers;
    }

    /** The store has answered. */
    void answered() {
        if (outage != null) {
            end();
        }
    }

    private void end() {
        boolean refused;
        lock.lock();
        try {
            outage = null;
            refused = refuses;
            refuses = false;
        } finally {
            lock.unlock();
        }
        if (refused) {
            write(Level.INFO, "answers again; claims are made again");
        }
    }

    /** The store has failed in passing. */
    void failed(long now, LockBackendException why) {
        lock.lock();
        try {
            Outage known = outage;
            long first = known != null && now - known.last() < STALE ? known.first() : now;
            outage = new Outage(first, now, why);
        } finally {
            lock.unlock();
        }
    }

    /** Whether a claim is refused now, if it is not the one that asks. */
    boolean refuses(long now) {
        Outage known = outage;
        return known != null && isDown(known, now);
    }

    private boolean isDown(Outage known, long now) {
        return now - known.last() < STALE && now - known.first() >= after;
    }

    /** What is known of it not answering. */
    Optional<LockOutage> outage(long now) {
        Outage known = outage;
        return known == null || now - known.last() >= STALE
                ? Optional.empty()
                : Optional.of(new LockOutage(
                        Duration.ofNanos(Math.max(0, now - known.first())),
                        isDown(known, now),
                        String.valueOf(known.why().getMessage())));
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

    /** Whether this claim is the one that asks. */
    private boolean isProbe(long now) {
        boolean begins;
        boolean resolver;
        lock.lock();
        try {
            begins = !refuses;
            resolver = !begins && now - probed >= PROBE_EVERY;
            refuses = true;
            probed = begins || resolver ? now : probed;
        } finally {
            lock.unlock();
        }
        if (begins) {
            write(Level.WARNING, "does not answer; claims are refused at once until it does");
        }
        return resolver;
    }

    private void write(Level level, String what) {
        writers.execute(() -> LOG.log(level, "The store of backend " + backend + " " + what));
    }
}
