package io.lockweave.spring.backend;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import io.lockweave.spring.test.LockControl;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Does to acquisitions what a test wants done to them.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class ControlledAcquisitions implements AcquisitionListener {

    private final LockControl control;

    public ControlledAcquisitions(LockControl control) {
        this.control = control;
    }

    @Override
    public Asked begins(Locks locks, Collection<LockKey> keys, LockOptions options) {
        for (LockKey key : keys) {
            if (control.isBusy(key)) {
                throw LockUnavailableException.busy(key, Duration.ZERO, null);
            }
        }
        return new Losing(locks, control);
    }

    /** Takes away at once what is to get lost. */
    private record Losing(Locks locks, LockControl control) implements Asked {

        @Override
        public void acquired(HeldLock held) {
            for (HeldLock part : held.parts()) {
                if (control.isLost(part.key())) {
                    locks.forceRelease(part.key());
                }
            }
        }

        @Override
        public void failed(@Nullable Throwable why) {
            // nothing to take away
        }
    }
}
