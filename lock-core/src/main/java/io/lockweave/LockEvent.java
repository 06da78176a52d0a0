package io.lockweave;

import java.time.Duration;
import java.util.Optional;

/** Something that happened to a lock. */
public interface LockEvent {

    /** What can happen. */
    enum Type {
        /** A claim began to wait; {@link LockEvent#time()} is zero. */
        WAITING,
        /** A lock was taken; the time is how long that took. */
        ACQUIRED,
        /**
         * A lock was busy for the whole wait time, which is the time, or the wait was interrupted, cancelled or shut
         * down.
         */
        UNAVAILABLE,
        /** A hold was given back; the time is how long it was held. */
        RELEASED,
        /** A hold was lost; the time is how long it was held. */
        LOST,
        /** A renewal failed and will be tried again while the lease lasts; the time is how long the lease still has. */
        RENEWAL_FAILED,
        /**
         * The store failed to release, which is tried again until the lease is over. The time is how long it was held.
         * It is the last event of this hold.
         */
        RELEASE_FAILED,
        /** The store failed to answer a claim; the time is how long it was asked for. */
        BACKEND_FAILED,
        /** A wait was refused because it would be a deadlock. */
        DEADLOCK,
        /** Two names were taken in both orders: a deadlock in waiting. {@link LockEvent#detail()} says where. */
        ORDER
    }

    /** What happened. */
    Type type();

    /** To which key. Never make it a metric's tag: there is no bound on how many there are. */
    LockKey key();

    /** The mode asked for. */
    LockMode mode();

    /** The backend's name. */
    String backend();

    /** The duration the type speaks of. */
    Duration time();

    /** The fence of the hold, or 0 if there is none. */
    long fence();

    /** Whether the hold came by hand-over inside this JVM instead of from the store. */
    boolean handedOver();

    /** What went wrong, if anything. */
    Optional<Throwable> failure();

    /** More for people, or an empty text. */
    String detail();
}
