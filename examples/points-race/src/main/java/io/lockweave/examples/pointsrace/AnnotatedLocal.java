package io.lockweave.examples.pointsrace;

import io.lockweave.Locked;

/** The same code with one annotation, woven at compile time. */
final class AnnotatedLocal implements Strategy {

    private final UserStore users = new UserStore();

    @Override
    public String name() {
        return "@Locked, local";
    }

    @Override
    public boolean losesNothing() {
        return true;
    }

    @Override
    @Locked(name = "user", key = "#userId")
    public void addPoints(long userId, int points) {
        User user = users.load(userId);
        users.save(user.plus(points));
    }

    @Override
    public long points(long userId) {
        return users.load(userId).points();
    }
}
