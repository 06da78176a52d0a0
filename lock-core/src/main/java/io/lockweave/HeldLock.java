package io.lockweave;

import io.lockweave.engine.CurrentHold;
import io.lockweave.engine.HeldHere;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A lock held by code here. Not bound to the thread that acquired it: any thread may ask it and close it. Safe for use
 * from several threads at once.
 */
public interface HeldLock extends AutoCloseable {

    /** The innermost lock whose guarded code the calling thread is running, if any. */
    static Optional<HeldLock> current() {
        return Optional.ofNullable(CurrentHold.get());
    }

    /**
     * For code that must only run under a lock: the lock of this name that the calling thread, or the scope that it
     * acts for, holds, whatever its key. It need not be the innermost one, nor one of a locked method.
     *
     * @throws LockUsageException if none is held
     * @throws LockLostException if it was lost
     */
    static HeldLock require(String name) {
        return required(HeldHere.ofName(name), "a lock \"" + name + "\"");
    }

    /**
     * As {@link #require(String)}, for one key.
     *
     * @throws LockUsageException if it is not held
     * @throws LockLostException if it was lost
     */
    static HeldLock require(LockKey key) {
        return required(HeldHere.of(key), "lock " + key);
    }

    private static HeldLock required(@Nullable HeldLock held, String what) {
        if (held == null) {
            throw new LockUsageException(
                    "This code must only run under " + what + ", and "
                            + Thread.currentThread().getName() + " does not hold it",
                    "call it from a method with @Locked of that name (through the proxy of its bean, if it is"
                            + " not woven),"
                            + " or inside of Locks.call");
        }
        held.ensureHeld();
        return held;
    }

    /** What is held; of several locks held together, the first in key order. */
    LockKey key();

    /** Each lock held by this one: itself, or the parts of {@link Locks#acquireAll} in key order. */
    List<HeldLock> parts();

    /**
     * The fencing token of this hold: larger than that of every earlier holder of the key that it excludes. Hand it to
     * the storage that is written under the lock, so that it can refuse a writer whose lock was lost. Re-entering keeps
     * the fence. Holders that may hold at the same time (shared, permits) each have their own, in no order between
     * JVMs.
     */
    long fence();

    /**
     * How long the hold is good for without another renewal, by the monotonic clock and counted from before the request
     * was sent; zero once it is released or lost. Very long (see {@link LockOptions#FOREVER}) if it has no lease.
     */
    Duration remaining();

    /**
     * Whether it is neither released nor lost, by the clock: from the end of the lease on it is false, a moment before
     * {@link #isLost} is true. Of several: whether all are held.
     */
    boolean isHeld();

    /**
     * Whether it was lost: the store no longer guarantees it although it was not released. Of several: whether any was.
     */
    boolean isLost();

    /**
     * Calls back at most once when the hold is lost, at once if it already was. The call comes on a Lockweave thread
     * and should be short. What it throws is logged.
     */
    void onLost(Consumer<LockLostException> action);

    /**
     * Whether whoever acquired this held the lock already, so that it guards nothing that was not guarded before. Of
     * several: whether that is so of all.
     */
    default boolean isReentry() {
        return false;
    }

    /**
     * Throws if the hold was lost.
     *
     * @throws LockLostException if it was lost
     */
    void ensureHeld();

    /**
     * Gives the lock back. Further calls do nothing. A hold that was lost in the meantime frees nobody else's lock.
     *
     * @throws LockBackendException if the store failed; everything here is given up as by a successful close, and the
     *     release is repeated in the background until the lease is over
     */
    @Override
    void close();
}
