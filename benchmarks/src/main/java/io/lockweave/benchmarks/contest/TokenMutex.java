package io.lockweave.benchmarks.contest;

import java.net.URI;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;

/** The floor of T4 and T5: a token in a list, taken by BLPOP and put back by RPUSH. No lease, no owner, no repair. */
final class TokenMutex implements Mutex {

    private static final int MOST_THREADS = 128;

    private final RedisClient jedis;

    TokenMutex(String uri) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(MOST_THREADS);
        pool.setMaxIdle(MOST_THREADS);
        jedis = RedisClient.builder()
                .hostAndPort(HostAndPort.from(URI.create(uri).getAuthority()))
                .poolConfig(pool)
                .build();
    }

    /** Puts the token where it belongs; once for all JVMs. */
    static void prepare(String uri, String key) {
        try (RedisClient jedis = RedisClient.create(uri)) {
            jedis.del("token:" + key);
            jedis.rpush("token:" + key, "token");
        }
    }

    @Override
    public void run(String key, Runnable body) {
        jedis.blpop(0, "token:" + key);
        try {
            body.run();
        } finally {
            jedis.rpush("token:" + key, "token");
        }
    }

    @Override
    public void close() {
        jedis.close();
    }
}
