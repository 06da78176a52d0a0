package io.lockweave;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lock was busy for as long as the caller was ready to wait, or the wait was ended. Nothing ran, nothing is held.
 */
public final class LockUnavailableException extends LockException {

    private static final long serialVersionUID = 1L;

    private final transient LockKey key;
    private final Duration waited;
    private final transient @Nullable LockHolder holder;
    private final boolean busy;

    private LockUnavailableException(
            String message,
            LockKey key,
            Duration waited,
            @Nullable LockHolder holder,
            boolean busy,
            @Nullable Throwable cause) {
        super(message, cause);
        this.key = key;
        this.waited = waited;
        this.holder = holder;
        this.busy = busy;
    }

    /** The wait time went by. */
    public static LockUnavailableException busy(LockKey key, Duration waited, @Nullable LockHolder holder) {
        return busy(key, waited, "", holder);
    }

    /**
     * The wait time went by.
     *
     * @param how how the caller waited, for people, such as {@code behind 3 others of this JVM}; empty if not known
     */
    public static LockUnavailableException busy(LockKey key, Duration waited, String how, @Nullable LockHolder holder) {
        return busy(key, waited, how, holder, null);
    }

    /** The wait time went by, which a store said with a failure of its own. */
    public static LockUnavailableException busy(
            LockKey key, Duration waited, @Nullable LockHolder holder, @Nullable Throwable cause) {
        return busy(key, waited, "", holder, cause);
    }

    private static LockUnavailableException busy(
            LockKey key, Duration waited, String how, @Nullable LockHolder holder, @Nullable Throwable cause) {
        String message = "Lock " + key + " is busy" + heldBy(holder) + "; waited " + Durations.text(waited)
                + (how.isEmpty() ? "" : " " + how)
                + ". Give it a longer waitTime, hold it for a shorter time, or choose what happens with onUnavailable.";
        return new LockUnavailableException(message, key, waited, holder, true, cause);
    }

    /** The waiting thread was interrupted; its interrupt flag is set again. */
    public static LockUnavailableException interrupted(
            LockKey key, Duration waited, @Nullable LockHolder holder, InterruptedException cause) {
        String message = "Interrupted after waiting " + Durations.text(waited) + " for lock " + key + heldBy(holder)
                + "; the thread's interrupt flag is set.";
        return new LockUnavailableException(message, key, waited, holder, false, cause);
    }

    /** The locks were shut down while the caller waited, or before it asked. */
    public static LockUnavailableException closed(LockKey key, Duration waited) {
        String message = "Lock " + key + " cannot be had: these locks are closed (waited " + Durations.text(waited)
                + "). Do not ask for locks after or during shutdown.";
        return new LockUnavailableException(message, key, waited, null, false, null);
    }

    private static String heldBy(@Nullable LockHolder holder) {
        return holder == null ? "" : ", held by " + holder.describe();
    }

    /** The key that could not be had. */
    public LockKey key() {
        return key;
    }

    /** How long the caller waited. */
    public Duration waited() {
        return waited;
    }

    /** Whether it was busy for the whole wait time; false if the wait was ended by an interrupt or a shutdown. */
    public boolean busy() {
        return busy;
    }

    /** Who held it when the caller gave up, as far as known. */
    public Optional<LockHolder> holder() {
        return Optional.ofNullable(holder);
    }
}
