package io.lockweave.examples.pointsrace;

import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import java.util.List;

/** A queue for each user instead of blocked callers: the requests run one after the other on worker threads. */
final class QueuedLocal implements Strategy {

    private final UserStore users = new UserStore();
    private final Locks locks = Locks.local();

    @Override
    public String name() {
        return "queue per user (submit), local";
    }

    @Override
    public boolean losesNothing() {
        return true;
    }

    @Override
    public void addPoints(long userId, int points) {
        locks.submit(List.of(LockKey.of("user", userId)), LockOptions.defaults(), () -> {
                    User user = users.load(userId);
                    users.save(user.plus(points));
                    return user.points();
                })
                .join();
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
