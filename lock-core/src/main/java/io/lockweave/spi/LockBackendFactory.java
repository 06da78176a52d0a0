package io.lockweave.spi;

import java.util.Set;

/**
 * Makes a backend from configuration in programs without a container. Found by {@link java.util.ServiceLoader}.
 */
public interface LockBackendFactory {

    /** The value of {@code lockweave.backend} that chooses it, for example {@code redis}. */
    String name();

    /**
     * The properties it reads, without {@code lockweave.<name>.} before them, for example {@code uri}. Any other
     * property under that prefix is refused as unknown.
     */
    Set<String> properties();

    /**
     * Makes the backend and checks that it can be used.
     *
     * @throws io.lockweave.LockUsageException if a property's value is wrong or a needed one is missing
     * @throws io.lockweave.LockBackendException if the store cannot be reached
     */
    LockBackend create(BackendSettings settings);
}
