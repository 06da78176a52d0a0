package io.lockweave;

import org.jspecify.annotations.Nullable;

/** What all failures of Lockweave have in common. User code's own exceptions are never wrapped in one. */
public abstract sealed class LockException extends RuntimeException
        permits LockUnavailableException,
                LockLostException,
                LockBackendException,
                LockUsageException,
                LockResultException,
                LockDeadlockException {

    LockException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
