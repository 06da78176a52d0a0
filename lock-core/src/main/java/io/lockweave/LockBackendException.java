package io.lockweave;

import org.jspecify.annotations.Nullable;

/**
 * The store failed, and whether it did what it was asked is unknown. The lock fails closed: the guarded code did not
 * run, and what may have been taken is given back or ends with its lease.
 */
public final class LockBackendException extends LockException {

    private static final long serialVersionUID = 1L;

    private final boolean retryable;

    private LockBackendException(String message, @Nullable Throwable cause, boolean retryable) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** A failure that may pass by itself: connection cut, server restarting, time-out. Waiters go on trying. */
    public static LockBackendException passing(String message, @Nullable Throwable cause) {
        return new LockBackendException(message, cause, true);
    }

    /** A failure that stays until somebody fixes it: no rights, no table, wrong version. Waiters end at once. */
    public static LockBackendException lasting(String message, @Nullable Throwable cause) {
        return new LockBackendException(message, cause, false);
    }

    /** Whether trying again may help. */
    public boolean retryable() {
        return retryable;
    }
}
