package io.lockweave.spi.container;

import org.jspecify.annotations.Nullable;

/** The rest of a locked method's call: the method itself, and whatever else is around it. */
@FunctionalInterface
public interface LockedBody {

    /**
     * Runs it. For a result that comes later, this may be called after the intercepted call has returned, and on
     * another thread.
     */
    @Nullable
    Object proceed() throws Throwable;
}
