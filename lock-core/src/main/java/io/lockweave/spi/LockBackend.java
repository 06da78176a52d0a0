package io.lockweave.spi;

import java.util.Set;

/**
 * Where locks are kept. A backend with a store outside the JVM is a {@link LockStore}; one that is nothing more than
 * this is in-process, and the engine's own queue is the lock.
 */
public interface LockBackend extends AutoCloseable {

    /** A short name for messages and metrics, for example {@code redis}. */
    String name();

    /** Where it keeps its locks, for the log: product, version and address, and no password. */
    default String description() {
        return name();
    }

    /** What this backend can do. Asking for anything else is a {@link io.lockweave.LockUsageException}. */
    Set<Capability> capabilities();

    /** Closes what the backend itself opened; never what the user passed in. Further calls do nothing. */
    @Override
    void close();
}
