package io.lockweave.spi;

/** What a backend may or may not be able to do. */
public enum Capability {
    /** Shared holders. */
    SHARED,
    /** Semaphores of more than one permit. */
    PERMITS,
    /** First come, first served, over all JVMs. */
    FAIR,
    /** The store ends a lease by itself, so a dead holder's lock comes free at its lease end. */
    LEASE,
    /** A dead holder's lock comes free when its connection ends. */
    FREED_ON_DISCONNECT,
    /** Locks are seen by other processes. */
    CROSS_PROCESS,
    /** {@link LockStore#watch} is notified of releases, so that the engine need not poll often. */
    PUSH,
    /** Several free locks are taken in one round trip: {@link LockStore#tryAcquireAll}. */
    TOGETHER,
    /** Fences keep growing when the store loses its data or restarts. */
    DURABLE_FENCE
}
