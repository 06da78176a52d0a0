package io.lockweave.benchmarks.contest;

import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Redisson's RLock. */
final class RedissonMutex implements Mutex {

    private final RedissonClient redisson;

    RedissonMutex(String uri) {
        Config config = new Config();
        config.useSingleServer().setAddress(uri);
        redisson = Redisson.create(config);
    }

    @Override
    public void run(String key, Runnable body) {
        RLock lock = redisson.getLock("redisson:" + key);
        lock.lock();
        try {
            body.run();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        redisson.shutdown();
    }
}
