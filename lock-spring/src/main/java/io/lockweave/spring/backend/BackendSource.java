package io.lockweave.spring.backend;

import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackend;

/**
 * Makes a backend from beans of the application, such as its {@code DataSource}. Part of the SPI: a bean of this type
 * adds its backend to those that {@code lockweave.backend} can name. A backend that needs no bean is a
 * {@link io.lockweave.spi.LockBackendFactory} instead.
 *
 * <p>Its properties are {@code lockweave.<name>.*}, and a {@link io.lockweave.spi.LockBackendFactory} of the same name
 * tells which of them are valid. Called while the application starts, by one thread.
 */
public interface BackendSource {

    /** The backend's name, as in {@code lockweave.backend}. */
    String name();

    /** Whether the application has what it takes. */
    boolean available(BackendSettings settings);

    /** Whether it becomes the primary backend without being asked for, if no other one is available. */
    default boolean choosesItself() {
        return true;
    }

    /** Makes the backend; called only when it is used. */
    LockBackend open(BackendSettings settings);
}
