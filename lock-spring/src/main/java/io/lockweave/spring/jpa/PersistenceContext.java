package io.lockweave.spring.jpa;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The entities that one {@code EntityManager} manages. */
interface PersistenceContext {

    /** How many were read without a lock on their rows; 0 if it does not tell. */
    int plainlyRead();

    /** The entity behind a proxy; null if it has not been read yet, and so cannot be out of date. */
    @Nullable
    Object unproxied(Object entity);

    /** Whether it is one of them. */
    boolean contains(Object entity);

    /** Whether it was read, and can change; not one that is new, or to be deleted. */
    boolean wasRead(Object entity);

    /** Those that were read and can change; null if it does not tell. */
    @Nullable
    List<Object> read();

    /** Whether it has changes that were not written. */
    boolean isChanged(Object entity);

    /** Whether to read it again could undo changes to others that were not written. */
    boolean drawsChangedAlong(Object entity);

    /** Whether its row is still as it was read. */
    boolean isAsRead(Object entity);

    /** Whether the database refuses to write it if it is out of date. */
    boolean isVersioned(Object entity);

    /** Reads it again. */
    void refresh(Object entity);

    /** Gives up one whose row is gone. */
    void detach(Object entity);
}
