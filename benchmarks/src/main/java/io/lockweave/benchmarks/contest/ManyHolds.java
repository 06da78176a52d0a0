package io.lockweave.benchmarks.contest;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.redis.JedisTransport;
import io.lockweave.redis.RedisBackend;
import io.lockweave.testservers.redis.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.RedisClient;

/**
 * T9: many live holds, kept for three leases. Counts the scripts that the server ran meanwhile and looks for the hold
 * whose lease came nearest to its end. Arguments: holds, lease in seconds.
 */
public final class ManyHolds {

    private static final Pattern CALLS = Pattern.compile("cmdstat_evalsha:calls=(\\d+)");

    private ManyHolds() {}

    /** Prints one line. */
    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
        Duration lease = Duration.ofSeconds(args.length > 1 ? Long.parseLong(args[1]) : 30);
        LockOptions options = LockOptions.defaults().leaseTime(lease);
        try (RedisServer server = RedisServer.launch();
                RedisClient client = RedisClient.create(server.uri());
                Locks locks = Locks.builder(RedisBackend.over(JedisTransport.of(client)))
                        .build()) {
            List<HeldLock> held = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                held.add(locks.acquire(LockKey.of("seat", i), options));
            }
            server.run("CONFIG", "RESETSTAT");
            long begin = System.nanoTime();
            long end = begin + 3 * lease.toNanos();
            Duration nearest = lease;
            while (System.nanoTime() - end < 0) {
                for (HeldLock one : held) {
                    Duration left = one.remaining();
                    nearest = left.compareTo(nearest) < 0 ? left : nearest;
                }
                Thread.sleep(lease.toMillis() / 100);
            }
            Matcher calls = CALLS.matcher(server.run("INFO", "commandstats"));
            long scripts = calls.find() ? Long.parseLong(calls.group(1)) : 0;
            long lost = held.stream().filter(one -> !one.isHeld()).count();
            double renewals = (double) count * (System.nanoTime() - begin) / (lease.toNanos() / 3.0);
            System.out.printf(
                    Locale.ROOT,
                    "%,d holds, lease %d s, 3 leases: %,d renewal calls, about %.0f holds each; %d lost;"
                            + " nearest to its end: %.0f %% of the lease left%n",
                    count,
                    lease.toSeconds(),
                    scripts,
                    renewals / Math.max(1, scripts),
                    lost,
                    100.0 * nearest.toMillis() / lease.toMillis());
        }
        System.exit(0);
    }
}
