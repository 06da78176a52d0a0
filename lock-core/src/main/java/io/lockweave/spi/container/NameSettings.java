package io.lockweave.spi.container;

import io.lockweave.LockRelease;
import io.lockweave.Locked;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What {@code lockweave.locks.<name>.*} says of the locks of one name. Each value overrides the annotation; null leaves
 * it as it is.
 *
 * @param enabled false: methods run without this lock
 * @param backend which backend
 * @param waitTime how long to wait
 * @param leaseTime when a dead holder's lock is free
 * @param holdAtLeast how long the lock is kept at least
 * @param renew whether the lease is kept alive
 * @param fair whether first come is first served
 * @param permits how many holders; only for names that the annotation makes a semaphore or an exclusive lock
 * @param onUnavailable what happens when the lock was busy
 * @param onLost what happens when the lock is lost
 * @param release whether the release is awaited
 */
public record NameSettings(
        boolean enabled,
        @Nullable String backend,
        @Nullable Duration waitTime,
        @Nullable Duration leaseTime,
        @Nullable Duration holdAtLeast,
        @Nullable Boolean renew,
        @Nullable Boolean fair,
        @Nullable Integer permits,
        Locked.@Nullable OnUnavailable onUnavailable,
        Locked.@Nullable OnLost onLost,
        @Nullable LockRelease release) {

    /** Overrides nothing. */
    public static final NameSettings NONE =
            new NameSettings(true, null, null, null, null, null, null, null, null, null, null);
}
