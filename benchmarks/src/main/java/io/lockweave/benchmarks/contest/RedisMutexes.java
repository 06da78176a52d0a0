package io.lockweave.benchmarks.contest;

import io.lockweave.redis.JedisTransport;
import io.lockweave.redis.LettuceTransport;
import io.lockweave.redis.RedisBackend;
import io.lockweave.redis.RedissonTransport;
import java.net.URI;
import net.javacrumbs.shedlock.provider.redis.jedis4.JedisLockProvider;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisPool;
import redis.clients.jedis.RedisClient;

/** Who takes part on Redis, by name. */
enum RedisMutexes {
    JEDIS,
    JEDIS_SENT,
    JEDIS_TEN_KEYS,
    JEDIS_WITHOUT_ENGINE,
    JEDIS_FAIR,
    JEDIS_WITHOUT_HAND_OVER,
    LETTUCE,
    LETTUCE_SENT,
    LETTUCE_TEN_KEYS,
    LETTUCE_WITHOUT_HAND_OVER,
    REDISSON_AS_TRANSPORT,
    REDISSON_AS_TRANSPORT_SENT,
    REDISSON_AS_TRANSPORT_TEN_KEYS,
    REDISSON_RLOCK,
    SPRING_INTEGRATION,
    LOCK4J,
    SHEDLOCK,
    SET_NX,
    SET_NX_LETTUCE,
    BLPOP_TOKEN;

    private static final int MOST_CONNECTIONS = 64;

    Mutex open(String uri) {
        return switch (this) {
            case JEDIS -> ours(jedis(uri), true, false);
            case JEDIS_TEN_KEYS -> new KeysTogether(jedis(uri));
            case LETTUCE_TEN_KEYS -> new KeysTogether(lettuce(uri));
            case REDISSON_AS_TRANSPORT_TEN_KEYS ->
                new KeysTogether(RedisBackend.over(RedissonTransport.of(redisson(uri))));
            case JEDIS_SENT -> LockweaveMutex.sending(jedis(uri));
            case JEDIS_WITHOUT_ENGINE -> new StoreMutex(jedis(uri));
            case JEDIS_FAIR -> ours(jedis(uri), true, true);
            case JEDIS_WITHOUT_HAND_OVER -> ours(jedis(uri), false, false);
            case LETTUCE -> ours(lettuce(uri), true, false);
            case LETTUCE_SENT -> LockweaveMutex.sending(lettuce(uri));
            case LETTUCE_WITHOUT_HAND_OVER -> ours(lettuce(uri), false, false);
            case REDISSON_AS_TRANSPORT -> ours(RedisBackend.over(RedissonTransport.of(redisson(uri))), true, false);
            case REDISSON_AS_TRANSPORT_SENT ->
                LockweaveMutex.sending(RedisBackend.over(RedissonTransport.of(redisson(uri))));
            case REDISSON_RLOCK -> new RedissonMutex(uri);
            case SPRING_INTEGRATION -> new SpringRedisMutex(uri);
            case LOCK4J -> new Lock4jMutex(uri);
            case SHEDLOCK -> shedLock(uri);
            case SET_NX -> new SetNxMutex(uri);
            case SET_NX_LETTUCE -> new LettuceSetNxMutex(uri);
            case BLPOP_TOKEN -> new TokenMutex(uri);
        };
    }

    private static Mutex ours(RedisBackend backend, boolean handOver, boolean fair) {
        return new LockweaveMutex(backend, handOver, fair);
    }

    @SuppressWarnings("deprecation") // this provider knows no other client
    private static Mutex shedLock(String uri) {
        JedisPool pool = new JedisPool(URI.create(uri));
        return new ShedLockMutex(new JedisLockProvider(pool), pool);
    }

    private static RedisBackend jedis(String uri) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(MOST_CONNECTIONS);
        pool.setMaxIdle(MOST_CONNECTIONS);
        return RedisBackend.over(JedisTransport.of(RedisClient.builder()
                .hostAndPort(HostAndPort.from(URI.create(uri).getAuthority()))
                .poolConfig(pool)
                .build()));
    }

    private static RedisBackend lettuce(String uri) {
        return RedisBackend.over(LettuceTransport.of(io.lettuce.core.RedisClient.create(uri)));
    }

    private static RedissonClient redisson(String uri) {
        Config config = new Config();
        config.useSingleServer().setAddress(uri);
        return Redisson.create(config);
    }
}
