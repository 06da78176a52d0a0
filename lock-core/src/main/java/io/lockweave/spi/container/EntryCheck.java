package io.lockweave.spi.container;

/**
 * Sees to it that a locked method works on what is true under its lock: a program can have read things before that
 * others have changed since, while the call waited. Safe for use from any thread.
 */
@FunctionalInterface
public interface EntryCheck {

    /**
     * A call has taken its locks, and its method is next, on the calling thread. Not called if the caller held all of
     * them before. What this throws ends the call as if the method had thrown it: the locks are given back.
     *
     * @throws io.lockweave.LockUsageException if the method would work on what is out of date
     */
    void entering(LockedEntry entry);
}
