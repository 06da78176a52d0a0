package io.lockweave.spi.container;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * A kind of method result that comes later than the method returns, such as a future or a reactive publisher. The lock
 * is held until that result completes, fails or is cancelled, and the caller's thread never blocks. Found by
 * {@link java.util.ServiceLoader}; safe for use from any thread.
 */
public interface ResultType {

    /** Whether it handles methods that declare this type as their result. */
    boolean supports(Class<?> declared);

    /**
     * The result for the caller, at once. It takes the lock with {@link LockedCall#acquire()} now or when it is
     * subscribed to, then runs the method, and ends the hold once what the method returned completes, fails or is
     * cancelled.
     */
    Object adapt(LockedCall call);

    /** Whether locks can be held until the end of the transaction that the result is part of; else that is refused. */
    default boolean knowsTransactions() {
        return false;
    }

    /** The result of a method that was skipped, for example an empty publisher. */
    @Nullable
    Object nothing(Type declared);
}
