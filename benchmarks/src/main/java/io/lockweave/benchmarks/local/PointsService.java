package io.lockweave.benchmarks.local;

import io.lockweave.Locked;

/** A service method under an annotation, woven at compile time. */
class PointsService {

    @Locked(name = "user", key = "#user.id")
    long addPoints(User user) {
        return user.add(1);
    }

    /** The same without a lock, by advice that does nothing. */
    @Around
    public long advised(User user) {
        return user.add(1);
    }
}
