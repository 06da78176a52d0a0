package io.lockweave;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a lock is asked for. Immutable: a method with a parameter, {@link #shared()} and {@link #exclusive()} return a
 * changed copy. What is left out is taken from the configuration of the {@link Locks} used.
 *
 * <pre>{@code
 * LockOptions.defaults().waitTime(Duration.ofSeconds(2)).fair(true)
 * LockOptions.defaults().permits(4)                     // a semaphore
 * LockOptions.defaults().leaseTime(Duration.ofMinutes(1)).renew(false)
 * }</pre>
 */
@CheckReturnValue
public final class LockOptions {

    /** A wait time without an end. */
    public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    /** The largest number of permits a key can have. */
    public static final int MAX_PERMITS = 1_000_000;

    private static final LockOptions DEFAULTS =
            new LockOptions(LockMode.EXCLUSIVE, 1, false, null, null, true, Duration.ZERO, LockRelease.CONFIGURED);

    private final LockMode mode;
    private final int permits;
    private final boolean fair;
    private final @Nullable Duration waitTime;
    private final @Nullable Duration leaseTime;
    private final boolean renew;
    private final Duration holdAtLeast;
    private final LockRelease release;

    private LockOptions(
            LockMode mode,
            int permits,
            boolean fair,
            @Nullable Duration waitTime,
            @Nullable Duration leaseTime,
            boolean renew,
            Duration holdAtLeast,
            LockRelease release) {
        this.mode = mode;
        this.permits = permits;
        this.fair = fair;
        this.waitTime = waitTime;
        this.leaseTime = leaseTime;
        this.renew = renew;
        this.holdAtLeast = holdAtLeast;
        this.release = release;
    }

    /** Exclusive, not fair, renewed while held, wait and lease time as configured. */
    public static LockOptions defaults() {
        return DEFAULTS;
    }

    /** Any number of shared holders, or one exclusive one. */
    public LockOptions shared() {
        return new LockOptions(LockMode.SHARED, 1, fair, waitTime, leaseTime, renew, holdAtLeast, release);
    }

    /** One holder; the default. */
    public LockOptions exclusive() {
        return new LockOptions(LockMode.EXCLUSIVE, 1, fair, waitTime, leaseTime, renew, holdAtLeast, release);
    }

    /**
     * A semaphore of that many holders; 1 is an exclusive lock.
     *
     * @throws LockUsageException if the number is not between 1 and {@link #MAX_PERMITS}
     */
    public LockOptions permits(int permits) {
        if (permits < 1 || permits > MAX_PERMITS) {
            throw new LockUsageException(
                    "permits = " + permits, "give a number of permits between 1 and " + MAX_PERMITS);
        }
        LockMode mode = permits == 1 ? LockMode.EXCLUSIVE : LockMode.PERMIT;
        return new LockOptions(mode, permits, fair, waitTime, leaseTime, renew, holdAtLeast, release);
    }

    /** First come, first served, in every JVM; the backend must be able to. */
    public LockOptions fair(boolean fair) {
        return new LockOptions(mode, permits, fair, waitTime, leaseTime, renew, holdAtLeast, release);
    }

    /**
     * How long the caller is ready to wait, all stages together: zero does not wait, {@link #FOREVER} has no end.
     *
     * @throws LockUsageException if negative
     */
    public LockOptions waitTime(Duration waitTime) {
        return new LockOptions(
                mode, permits, fair, notNegative("waitTime", waitTime), leaseTime, renew, holdAtLeast, release);
    }

    /**
     * After this time without renewal the store frees the lock of a dead holder.
     *
     * @throws LockUsageException if not positive
     */
    public LockOptions leaseTime(Duration leaseTime) {
        if (notNegative("leaseTime", leaseTime).isZero()) {
            throw new LockUsageException(
                    "leaseTime = 0", "give a positive time; locks without an end of lease do not exist");
        }
        return new LockOptions(mode, permits, fair, waitTime, leaseTime, renew, holdAtLeast, release);
    }

    /** Whether the lease is kept alive while held. If not, the lease is an upper bound of the hold. */
    public LockOptions renew(boolean renew) {
        return new LockOptions(mode, permits, fair, waitTime, leaseTime, renew, holdAtLeast, release);
    }

    /**
     * Keeps the lock this long after it was granted even if it is closed sooner. Without renewal it ends with the lease
     * at the latest, so that {@link Locks} refuse a time that is longer than the lease.
     *
     * @throws LockUsageException if negative
     */
    public LockOptions holdAtLeast(Duration holdAtLeast) {
        return new LockOptions(
                mode, permits, fair, waitTime, leaseTime, renew, notNegative("holdAtLeast", holdAtLeast), release);
    }

    /** Whether the release is awaited; as configured for these locks by default. */
    public LockOptions release(LockRelease release) {
        Objects.requireNonNull(release, "release");
        return new LockOptions(mode, permits, fair, waitTime, leaseTime, renew, holdAtLeast, release);
    }

    /** The mode asked for. */
    public LockMode mode() {
        return mode;
    }

    /** The number of holders a {@link LockMode#PERMIT} key has; 1 in the other modes. */
    public int permits() {
        return permits;
    }

    /** Whether waiters are served in the order they came. */
    public boolean fair() {
        return fair;
    }

    /** The wait time, or null for the configured one. */
    public @Nullable Duration waitTime() {
        return waitTime;
    }

    /** The lease time, or null for the configured one. */
    public @Nullable Duration leaseTime() {
        return leaseTime;
    }

    /** Whether the lease is renewed while held. */
    public boolean renew() {
        return renew;
    }

    /** The least time the lock stays taken; zero by default. */
    public Duration holdAtLeast() {
        return holdAtLeast;
    }

    /** Whether the release is awaited. */
    public LockRelease release() {
        return release;
    }

    private static Duration notNegative(String what, Duration time) {
        Objects.requireNonNull(time, what);
        if (time.isNegative()) {
            throw new LockUsageException(what + " = " + time, "give a time that is not negative");
        }
        return time;
    }

    @Override
    public String toString() {
        return "LockOptions[mode=" + mode + ", permits=" + permits + ", fair=" + fair + ", waitTime=" + waitTime
                + ", leaseTime=" + leaseTime + ", renew=" + renew + ", holdAtLeast=" + holdAtLeast + ", release="
                + release + "]";
    }
}
