package io.lockweave.examples.pointsrace;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.Locks;

/** The programmatic way, for code that cannot be annotated. */
final class ProgrammaticLocal implements Strategy {

    private final UserStore users = new UserStore();
    private final Locks locks = Locks.local();

    @Override
    public String name() {
        return "Locks.acquire, local";
    }

    @Override
    public boolean losesNothing() {
        return true;
    }

    @Override
    public void addPoints(long userId, int points) {
        try (HeldLock held = locks.acquire(LockKey.of("user", userId))) {
            User user = users.load(userId);
            users.save(user.plus(points));
        }
    }

    @Override
    public long points(long userId) {
        return users.load(userId).points();
    }

    @Override
    public void close() {
        locks.close();
    }
}
