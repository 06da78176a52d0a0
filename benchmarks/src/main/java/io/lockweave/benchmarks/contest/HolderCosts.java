package io.lockweave.benchmarks.contest;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import io.lockweave.redis.JedisTransport;
import io.lockweave.redis.RedisBackend;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.testservers.redis.RedisServer;
import io.lockweave.testservers.redis.RedisWire;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import redis.clients.jedis.RedisClient;

/** How much of the Redis server's time a semaphore or a shared lock costs, by how many hold it. */
public final class HolderCosts {

    private static final int CALLS = 2_000;
    private static final Duration LEASE = Duration.ofMinutes(1);

    private final RedisBackend backend;
    private final ServerTime time;

    private HolderCosts(RedisBackend backend, ServerTime time) {
        this.backend = backend;
        this.time = time;
    }

    /** Prints a line for each kind and number of holders. */
    public static void main(String[] args) {
        try (RedisServer server = RedisServer.launch();
                RedisWire wire = new RedisWire(server.port());
                RedisClient client = RedisClient.create(server.uri());
                RedisBackend backend = RedisBackend.over(JedisTransport.of(client))) {
            HolderCosts costs = new HolderCosts(backend, new ServerTime(wire));
            System.out.println("us of the server's time   take and give back  refused try  renewal of one");
            for (LockMode mode : List.of(LockMode.PERMIT, LockMode.SHARED)) {
                for (int holders : new int[] {10, 100, 1_000}) {
                    costs.print(mode, holders);
                }
            }
        }
        System.exit(0);
    }

    private void print(LockMode mode, int holders) {
        LockKey key = LockKey.of("held", mode + " " + holders).in("holders");
        int permits = mode == LockMode.PERMIT ? holders + 1 : 1;
        List<Grant> held = IntStream.range(0, holders)
                .mapToObj(i -> granted(claim(key, mode, permits)))
                .toList();
        turns(key, mode, permits); // warms up
        double turn = turns(key, mode, permits);
        Grant last = granted(claim(key, mode, permits));
        LockMode other = mode == LockMode.PERMIT ? mode : LockMode.EXCLUSIVE;
        double refused = time.each(CALLS, i -> backend.tryAcquire(claim(key, other, permits)));
        double renewal = time.each(10, i -> backend.renew(held, LEASE)) / holders;
        backend.release(last);
        held.forEach(backend::release);
        System.out.printf(
                Locale.ROOT, "%-9s %5d holders  %19.1f %12.1f %15.1f%n", mode, holders, turn, refused, renewal);
    }

    private double turns(LockKey key, LockMode mode, int permits) {
        return time.each(CALLS, i -> backend.release(granted(claim(key, mode, permits))));
    }

    private Grant granted(Claim claim) {
        if (backend.tryAcquire(claim) instanceof Attempt.Granted granted) {
            return granted.grant();
        }
        throw new IllegalStateException("there is no room for " + claim);
    }

    private static Claim claim(LockKey key, LockMode mode, int permits) {
        String owner = UUID.randomUUID().toString().replace("-", "");
        LockPlace place = new LockPlace("host", 1, "holder");
        return new Claim(key, mode, permits, false, owner, LEASE, 1, false, place);
    }
}
