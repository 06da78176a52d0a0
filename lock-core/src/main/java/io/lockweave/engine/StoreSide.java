package io.lockweave.engine;

import io.lockweave.LockKey;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a gate knows of the store for its key. */
final class StoreSide {

    /** A grant left for the next one inside; whoever takes it out is responsible for it. */
    private final AtomicReference<@Nullable LeasedGrant> parked = new AtomicReference<>();

    /** The grant that shared holders of this JVM use together. */
    private volatile @Nullable LeasedGrant together;

    /** How many holds have ended here of whose end the store is being told. */
    private final AtomicInteger beingReleased = new AtomicInteger();

    /** Shared and permit claims inside the gate go to the store one after the other. */
    final Line line;

    StoreSide(LockKey key) {
        this.line = new Line(key);
    }

    /** Leaves a grant; false if another one lies there. */
    boolean park(LeasedGrant grant) {
        return parked.compareAndSet(null, grant);
    }

    boolean hasParked() {
        return parked.get() != null;
    }

    @Nullable
    LeasedGrant takeParked() {
        return parked.get() == null ? null : parked.getAndSet(null);
    }

    void releaseSent() {
        beingReleased.incrementAndGet();
    }

    void releaseAnswered() {
        beingReleased.decrementAndGet();
    }

    /** Whether somebody inside has given the lock back already, and the store is being told. */
    boolean isBeingReleased() {
        return beingReleased.get() > 0;
    }

    @Nullable
    LeasedGrant together() {
        return together;
    }

    void shareTogether(LeasedGrant grant) {
        together = grant;
    }
}
