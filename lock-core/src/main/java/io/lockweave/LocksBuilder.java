package io.lockweave;

import io.lockweave.engine.EngineSettings;
import io.lockweave.engine.LockEngine;
import io.lockweave.spi.LockBackend;
import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds {@link Locks}. Not safe for use from several threads. */
public final class LocksBuilder {

    /** The namespace of keys that name none, unless another one is given. */
    public static final String DEFAULT_NAMESPACE = "lockweave";

    private final LockBackend backend;
    private final List<LockListener> listeners = new ArrayList<>();
    private String namespace = DEFAULT_NAMESPACE;
    private Duration waitTime = Duration.ofSeconds(10);
    private Duration leaseTime = Duration.ofSeconds(30);
    private @Nullable Duration maxHoldTime;
    private Duration longHold = Duration.ofSeconds(30);
    private Duration failFastAfter = Duration.ofSeconds(5);
    private boolean handOver = true;
    private LockRelease release = LockRelease.AWAITED;
    private boolean detectDeadlocks = true;
    private boolean recordOrder;
    private TimeSource timeSource = TimeSource.system();

    LocksBuilder(LockBackend backend) {
        this.backend = Objects.requireNonNull(backend, "backend");
    }

    /**
     * The namespace of keys that have none; {@code lockweave} by default, so that all services meet on the same keys.
     */
    public LocksBuilder namespace(String namespace) {
        if (namespace.isBlank()) {
            throw new LockUsageException("The namespace is blank", "leave it out or give it a name");
        }
        this.namespace = namespace;
        return this;
    }

    /** The wait time of claims that name none; 10 seconds by default. */
    public LocksBuilder waitTime(Duration waitTime) {
        this.waitTime =
                Objects.requireNonNull(LockOptions.defaults().waitTime(waitTime).waitTime());
        return this;
    }

    /** The lease time of claims that name none; 30 seconds by default. */
    public LocksBuilder leaseTime(Duration leaseTime) {
        this.leaseTime = Objects.requireNonNull(
                LockOptions.defaults().leaseTime(leaseTime).leaseTime());
        return this;
    }

    /**
     * The longest that renewal keeps a hold, for holders that hang or forget to close; endless by default. After it the
     * hold is lost, in the store too, so that others get in while its holder may still be at work: its
     * {@link HeldLock#onLost} runs. It is looked at when the lease is renewed, so it may take a third of the lease
     * longer.
     *
     * @throws LockUsageException if it is not positive
     */
    public LocksBuilder maxHoldTime(Duration maxHoldTime) {
        if (maxHoldTime.isNegative() || maxHoldTime.isZero()) {
            throw new LockUsageException("maxHoldTime = " + maxHoldTime, "give a positive time, or leave it out");
        }
        this.maxHoldTime = maxHoldTime;
        return this;
    }

    /**
     * After which time the log tells of a hold, once, with the stack of the thread that has it; 30 seconds by default,
     * zero for never. It tells of every hold of a store, and of those of the local backend that somebody waits for.
     *
     * @throws LockUsageException if it is negative
     */
    public LocksBuilder longHold(Duration longHold) {
        if (longHold.isNegative()) {
            throw new LockUsageException("longHold = " + longHold, "give a positive time, or zero for never");
        }
        this.longHold = longHold;
        return this;
    }

    /**
     * After which time without a single answer of the store new claims fail at once, with a
     * {@link LockBackendException}, instead of trying for their whole wait time; 5 seconds by default,
     * {@link LockOptions#FOREVER} for never. One claim a second still asks the store, and its first answer ends that.
     * Claims that wait already go on trying.
     *
     * @throws LockUsageException if it is not positive
     */
    public LocksBuilder failFastAfter(Duration failFastAfter) {
        if (failFastAfter.isNegative() || failFastAfter.isZero()) {
            throw new LockUsageException(
                    "failFastAfter = " + failFastAfter, "give a positive time, or LockOptions.FOREVER for never");
        }
        this.failFastAfter = failFastAfter;
        return this;
    }

    /** Adds a listener for every event of these locks. */
    public LocksBuilder listener(LockListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * Whether a released grant may pass to the next waiter of this JVM without going back to the store, within bounds
     * of number and time; on by default.
     */
    public LocksBuilder handOver(boolean handOver) {
        this.handOver = handOver;
        return this;
    }

    /**
     * Whether releases of locks that do not say so are awaited, which is the default; see {@link LockRelease#SENT} for
     * what it means if they are not.
     */
    public LocksBuilder release(LockRelease release) {
        this.release = Objects.requireNonNull(release, "release");
        return this;
    }

    /** Whether a wait that would close a cycle of owners in this JVM is refused; on by default. */
    public LocksBuilder detectDeadlocks(boolean detectDeadlocks) {
        this.detectDeadlocks = detectDeadlocks;
        return this;
    }

    /** Whether to report names taken in both orders, for development; off by default. */
    public LocksBuilder recordOrder(boolean recordOrder) {
        this.recordOrder = recordOrder;
        return this;
    }

    /** The clock and timers; for tests. */
    public LocksBuilder timeSource(TimeSource timeSource) {
        this.timeSource = Objects.requireNonNull(timeSource, "timeSource");
        return this;
    }

    /** The locks; the backend is in use from now on. */
    public Locks build() {
        return new LockEngine(
                backend,
                new EngineSettings(
                        namespace,
                        waitTime,
                        leaseTime,
                        maxHoldTime,
                        longHold,
                        failFastAfter,
                        handOver,
                        release == LockRelease.SENT,
                        detectDeadlocks,
                        recordOrder,
                        timeSource,
                        listeners));
    }
}
