package io.lockweave.jdbc.session;

import java.sql.SQLException;

/** Opens sessions. */
@FunctionalInterface
interface SessionSource {

    /**
     * A new session, whose connection is waited for no longer than this, or a second if less is left, and than the
     * time-out of the backend.
     */
    LockSession open(long nanos) throws SQLException;

    /** Whose sessions they are, for the log. */
    default String description() {
        return "a database";
    }

    /** No more will be opened. */
    default void close() {}
}
