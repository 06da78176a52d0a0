package io.lockweave.spring.backend;

import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackend;

/**
 * Makes a backend from beans of the application, such as its {@code DataSource}.
 *
 * <p>Internal: public only because other packages of this module use it.
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
