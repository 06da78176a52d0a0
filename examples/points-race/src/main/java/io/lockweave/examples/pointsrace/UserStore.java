package io.lockweave.examples.pointsrace;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A table of users as an application sees it: whole rows are loaded and saved, and nothing guards the time in between.
 */
final class UserStore {

    private static final long READING = 1_000;

    private final ConcurrentHashMap<Long, User> rows = new ConcurrentHashMap<>();

    /** The row as it is now. */
    User load(long id) {
        User row = rows.getOrDefault(id, new User(id, 0));
        LockSupport.parkNanos(READING); // where a real request waits for its database
        return row;
    }

    /** Replaces the row. */
    void save(User user) {
        rows.put(user.id(), user);
    }
}
