package io.lockweave.benchmarks.contest;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import io.lockweave.redis.JedisTransport;
import io.lockweave.redis.RedisBackend;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import redis.clients.jedis.RedisClient;

/** T11: how much of the Redis server's time a claim costs that waits, by how many wait for its key. */
public final class WaitingCosts {

    private static final int CALLS = 2_000;

    private WaitingCosts() {}

    /** Prints a line for each number of waiters. */
    public static void main(String[] args) {
        try (RedisServer server = RedisServer.launch();
                RedisWire wire = new RedisWire(server.port());
                RedisClient client = RedisClient.create(server.uri());
                RedisBackend backend = RedisBackend.over(JedisTransport.of(client))) {
            ServerTime time = new ServerTime(wire);
            for (int waiters : new int[] {10, 100, 1_000}) {
                LockKey key = LockKey.of("busy", waiters).in("waiting");
                if (!(backend.tryAcquire(claim(key)) instanceof Attempt.Granted granted)) {
                    throw new IllegalStateException("the key is not free");
                }
                List<Claim> claims =
                        Stream.generate(() -> claim(key)).limit(waiters).toList();
                double first = cost(time, claims, waiters, backend::tryAcquire);
                cost(time, claims, CALLS, backend::tryAcquire); // warms up
                double again = cost(time, claims, CALLS, backend::tryAcquire);
                double leaving = cost(time, claims, waiters, backend::withdraw);
                System.out.printf(
                        Locale.ROOT,
                        "%5d waiters: first ask %.1f, asking again %.1f, leaving %.1f us of the server's time%n",
                        waiters,
                        first,
                        again,
                        leaving);
                backend.release(granted.grant());
            }
        }
        System.exit(0);
    }

    private static double cost(ServerTime time, List<Claim> claims, int calls, Consumer<Claim> call) {
        return time.each(calls, i -> call.accept(claims.get(i * 7 % claims.size())));
    }

    private static Claim claim(LockKey key) {
        String owner = UUID.randomUUID().toString().replace("-", "");
        LockPlace place = new LockPlace("host", 1, "waiter");
        return new Claim(key, LockMode.EXCLUSIVE, 1, false, owner, Duration.ofMinutes(1), 100, true, place);
    }
}
