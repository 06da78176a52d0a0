package io.lockweave.benchmarks.contest;

import io.lockweave.testservers.database.PostgresServer;
import io.lockweave.testservers.redis.RedisServer;
import java.net.URI;
import java.time.Duration;

/**
 * Free keys, one thread, ours and the peers beside their floors in {@link Rounds}. Arguments: {@code redis},
 * {@code postgres}, or {@code together} for ten keys beside one, rounds, calls of each row in a round, and for Redis
 * the milliseconds of a round trip to a server that is far away.
 */
public final class ColdRounds {

    private static final int CONNECTIONS = 4;

    private ColdRounds() {}

    /** Prints the table. */
    public static void main(String[] args) throws Exception {
        int many = args.length > 1 ? Integer.parseInt(args[1]) : 60;
        Rounds rounds = new Rounds(many, args.length > 2 ? Integer.parseInt(args[2]) : 1_000);
        if (args.length > 0 && args[0].equals("postgres")) {
            postgres(rounds);
        } else if (args.length > 0 && args[0].equals("together")) {
            together(rounds);
        } else {
            redis(rounds, Duration.ofMillis(args.length > 3 ? Long.parseLong(args[3]) : 0));
        }
        System.exit(0); // some clients keep threads that are no daemons
    }

    private static void redis(Rounds rounds, Duration roundTrip) throws Exception {
        try (RedisServer server = RedisServer.launch();
                FarServer far = FarServer.behind(URI.create(server.uri()), roundTrip)) {
            String uri = roundTrip.isZero() ? server.uri() : far.uri();
            floor(rounds, RedisMutexes.SET_NX, uri);
            row(rounds, RedisMutexes.JEDIS, uri);
            row(rounds, RedisMutexes.JEDIS_SENT, uri);
            row(rounds, RedisMutexes.JEDIS_WITHOUT_ENGINE, uri);
            row(rounds, RedisMutexes.SPRING_INTEGRATION, uri);
            row(rounds, RedisMutexes.SHEDLOCK, uri);
            floor(rounds, RedisMutexes.SET_NX_LETTUCE, uri);
            row(rounds, RedisMutexes.LETTUCE, uri);
            row(rounds, RedisMutexes.LETTUCE_SENT, uri);
            row(rounds, RedisMutexes.REDISSON_AS_TRANSPORT, uri);
            row(rounds, RedisMutexes.REDISSON_AS_TRANSPORT_SENT, uri);
            row(rounds, RedisMutexes.REDISSON_RLOCK, uri);
            row(rounds, RedisMutexes.LOCK4J, uri);
            rounds.print();
        }
    }

    private static void together(Rounds rounds) throws Exception {
        try (RedisServer server = RedisServer.launch()) {
            String uri = server.uri();
            floor(rounds, RedisMutexes.JEDIS, uri);
            row(rounds, RedisMutexes.JEDIS_TEN_KEYS, uri);
            floor(rounds, RedisMutexes.LETTUCE, uri);
            row(rounds, RedisMutexes.LETTUCE_TEN_KEYS, uri);
            floor(rounds, RedisMutexes.REDISSON_AS_TRANSPORT, uri);
            row(rounds, RedisMutexes.REDISSON_AS_TRANSPORT_TEN_KEYS, uri);
            rounds.print();
        }
    }

    private static void floor(Rounds rounds, RedisMutexes who, String uri) {
        rounds.floor(who, who.open(uri));
    }

    private static void row(Rounds rounds, RedisMutexes who, String uri) {
        rounds.row(who, who.open(uri));
    }

    private static void postgres(Rounds rounds) throws Exception {
        String url = PostgresServer.shared().url();
        JdbcMutexes.prepare(url);
        rounds.floor(JdbcMutexes.RAW_LEASE_STATEMENTS, JdbcMutexes.RAW_LEASE_STATEMENTS.open(url, CONNECTIONS));
        for (JdbcMutexes who :
                new JdbcMutexes[] {JdbcMutexes.LEASE, JdbcMutexes.SPRING_INTEGRATION, JdbcMutexes.SHEDLOCK}) {
            rounds.row(who, who.open(url, CONNECTIONS));
        }
        rounds.floor(JdbcMutexes.RAW_ADVISORY_LOCK, JdbcMutexes.RAW_ADVISORY_LOCK.open(url, CONNECTIONS));
        rounds.row(JdbcMutexes.SESSION, JdbcMutexes.SESSION.open(url, CONNECTIONS));
        rounds.print();
    }
}
