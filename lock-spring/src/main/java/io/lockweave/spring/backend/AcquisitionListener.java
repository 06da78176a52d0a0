package io.lockweave.spring.backend;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Goes along with each acquisition of an application, by {@link ObservedLocks}. Safe for use from any thread.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public interface AcquisitionListener {

    /**
     * An acquisition begins, on the thread that asks for it.
     *
     * @throws io.lockweave.LockUnavailableException to refuse it
     */
    Asked begins(Locks locks, Collection<LockKey> keys, LockOptions options);

    /** One acquisition under way; one of these methods is called once, from any thread, and does not throw. */
    interface Asked {

        /** It has its locks, before the caller gets them. */
        void acquired(HeldLock held);

        /** It ended without; null if the locks were busy and the caller is told so without an exception. */
        void failed(@Nullable Throwable why);
    }
}
