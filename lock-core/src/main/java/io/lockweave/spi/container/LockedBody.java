package io.lockweave.spi.container;

import io.lockweave.LockUsageException;
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

    /**
     * Runs it with other arguments, as suspending functions of Kotlin need it: the last argument of those is what goes
     * on when they are done.
     *
     * @throws LockUsageException if whoever intercepted the call cannot do that
     */
    default @Nullable Object proceed(@Nullable Object[] args) throws Throwable {
        throw new LockUsageException(
                "A suspending function was intercepted by something that cannot give it another continuation",
                "weave it with AspectJ, or call it through a Spring proxy");
    }
}
