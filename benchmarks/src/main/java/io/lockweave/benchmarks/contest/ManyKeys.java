package io.lockweave.benchmarks.contest;

import io.lockweave.LockKey;
import io.lockweave.Locks;
import io.lockweave.local.LocalBackend;
import io.lockweave.redis.JedisTransport;
import io.lockweave.redis.RedisBackend;
import io.lockweave.spi.LockBackend;
import io.lockweave.testservers.redis.RedisServer;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Locale;
import redis.clients.jedis.RedisClient;

/** T7: many keys once each; what is left in the JVM and in the store. Arguments: keys for local, keys for Redis. */
public final class ManyKeys {

    private ManyKeys() {}

    /** Prints one line for each backend. */
    public static void main(String[] args) throws Exception {
        int local = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        int redis = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
        report("local", new LocalBackend(), local);
        try (RedisServer server = RedisServer.launch();
                RedisClient client = RedisClient.create(server.uri())) {
            report("redis", RedisBackend.over(JedisTransport.of(client)), redis);
            System.out.println("keys left in Redis: " + server.keys() + " (fence counters; 256 at most)");
        }
        System.exit(0);
    }

    private static void report(String name, LockBackend backend, int keys) {
        try (Locks locks = Locks.builder(backend).build()) {
            use(locks, 10_000);
            long before = usedHeap();
            use(locks, keys);
            long kept = usedHeap() - before;
            System.out.printf(
                    Locale.ROOT,
                    "%-8s %,d keys once each: %,d bytes of heap more than before (%.3f per key), %d locks known%n",
                    name,
                    keys,
                    kept,
                    (double) kept / keys,
                    locks.inspect().size());
        }
    }

    private static void use(Locks locks, int keys) {
        for (int i = 0; i < keys; i++) {
            locks.acquire(LockKey.of("order", i)).close();
        }
    }

    private static long usedHeap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < 5; i++) {
            memory.gc();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }
}
