package io.lockweave.examples.pointsrace;

import io.lockweave.Locked;
import io.lockweave.Lockweave;
import io.lockweave.testservers.redis.RedisServer;

/** The same annotation with the lock in a real Redis, where other processes would meet it too. */
final class AnnotatedRedis implements Strategy {

    private final UserStore users = new UserStore();
    private final RedisServer server = RedisServer.launch();

    AnnotatedRedis() {
        System.setProperty("lockweave.redis.uri", server.uri());
    }

    @Override
    public String name() {
        return "@Locked, redis (Jedis)";
    }

    @Override
    public boolean losesNothing() {
        return true;
    }

    @Override
    @Locked(name = "user", key = "#userId", backend = "redis")
    public void addPoints(long userId, int points) {
        User user = users.load(userId);
        users.save(user.plus(points));
    }

    @Override
    public long points(long userId) {
        return users.load(userId).points();
    }

    @Override
    public void close() {
        Lockweave.reset(); // closes the locks before their server
        server.close();
    }
}
