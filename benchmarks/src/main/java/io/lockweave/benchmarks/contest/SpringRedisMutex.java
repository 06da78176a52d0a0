package io.lockweave.benchmarks.contest;

import java.net.URI;
import java.util.concurrent.locks.Lock;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.redis.util.RedisLockRegistry;

/** Spring Integration's RedisLockRegistry, with its push of releases switched on. */
final class SpringRedisMutex implements Mutex {

    private final LettuceConnectionFactory connections;
    private final RedisLockRegistry registry;

    SpringRedisMutex(String uri) {
        URI address = URI.create(uri);
        connections =
                new LettuceConnectionFactory(new RedisStandaloneConfiguration(address.getHost(), address.getPort()));
        connections.afterPropertiesSet();
        connections.start();
        registry = new RedisLockRegistry(connections, "spring-integration");
        registry.setRedisLockType(RedisLockRegistry.RedisLockType.PUB_SUB_LOCK);
    }

    @Override
    public void run(String key, Runnable body) {
        Lock lock = registry.obtain(key);
        lock.lock();
        try {
            body.run();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        registry.destroy();
        connections.destroy();
    }
}
