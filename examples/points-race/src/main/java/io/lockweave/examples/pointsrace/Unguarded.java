package io.lockweave.examples.pointsrace;

/** Read, compute, write, and nothing else: what loses updates. */
final class Unguarded implements Strategy {

    private final UserStore users = new UserStore();

    @Override
    public String name() {
        return "no lock";
    }

    @Override
    public boolean losesNothing() {
        return false;
    }

    @Override
    public void addPoints(long userId, int points) {
        User user = users.load(userId);
        users.save(user.plus(points));
    }

    @Override
    public long points(long userId) {
        return users.load(userId).points();
    }
}
