package io.lockweave.benchmarks.contest;

import io.lockweave.testservers.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * T3 and T4: one JVM on a Redis of its own. Arguments: seconds for each row, which come after twice that as warm-up.
 */
public final class RedisOneJvm {

    private static final List<RedisMutexes> UNCONTENDED = List.of(
            RedisMutexes.SET_NX,
            RedisMutexes.SET_NX_LETTUCE,
            RedisMutexes.JEDIS,
            RedisMutexes.LETTUCE,
            RedisMutexes.REDISSON_AS_TRANSPORT,
            RedisMutexes.REDISSON_RLOCK,
            RedisMutexes.SPRING_INTEGRATION,
            RedisMutexes.LOCK4J,
            RedisMutexes.SHEDLOCK);

    private static final List<RedisMutexes> CONTENDED = List.of(
            RedisMutexes.BLPOP_TOKEN,
            RedisMutexes.JEDIS,
            RedisMutexes.JEDIS_FAIR,
            RedisMutexes.LETTUCE,
            RedisMutexes.REDISSON_AS_TRANSPORT,
            RedisMutexes.REDISSON_RLOCK,
            RedisMutexes.SPRING_INTEGRATION,
            RedisMutexes.LOCK4J);

    private RedisOneJvm() {}

    /** Prints both tables. */
    public static void main(String[] args) throws Exception {
        Duration time = Duration.ofSeconds(args.length > 0 ? Long.parseLong(args[0]) : 5);
        try (RedisServer server = RedisServer.launch()) {
            System.out.println("T3: uncontended, 1 thread, 1,000 keys in turn");
            for (RedisMutexes who : UNCONTENDED) {
                try (Mutex mutex = who.open(server.uri())) {
                    int[] next = {0};
                    Mutex inTurn = rotating(mutex, next);
                    Load load = new Load(inTurn, 1, thread -> "k");
                    load.warmUp(time.multipliedBy(2));
                    Load.Outcome outcome = load.run(time);
                    System.out.printf(Locale.ROOT, "%-26s %8.1f us each%n", who, 1e6 / outcome.perSecond());
                }
            }
            for (int threads : new int[] {16, 64}) {
                System.out.println("T4: one key, " + threads + " threads");
                for (RedisMutexes who : CONTENDED) {
                    TokenMutex.prepare(server.uri(), "hot");
                    try (Mutex mutex = who.open(server.uri())) {
                        Load load = new Load(mutex, threads, thread -> "hot");
                        load.warmUp(time.multipliedBy(2));
                        Load.Outcome outcome = load.run(time);
                        System.out.printf(
                                Locale.ROOT,
                                "%-26s %10.0f ops/s   busiest/idlest %6.1f%n",
                                who,
                                outcome.perSecond(),
                                outcome.spread());
                    }
                }
            }
        }
        System.exit(0); // some clients keep threads that are no daemons
    }

    private static Mutex rotating(Mutex mutex, int[] next) {
        return new Mutex() {
            @Override
            public void run(String key, Runnable body) throws Exception {
                next[0] = (next[0] + 1) % 1_000;
                mutex.run("cold-" + next[0], body);
            }

            @Override
            public void close() {}
        };
    }
}
