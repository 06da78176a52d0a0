package io.lockweave.benchmarks.contest;

import com.baomidou.lock.executor.RedissonLockExecutor;
import java.time.Duration;
import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Lock4j's executor over Redisson, as its annotation uses it, with a lease of 30 seconds. */
final class Lock4jMutex implements Mutex {

    private static final long LEASE_MILLIS = Duration.ofSeconds(30).toMillis();
    private static final long WAIT_MILLIS = Duration.ofHours(1).toMillis();

    private final RedissonClient redisson;
    private final RedissonLockExecutor executor;

    Lock4jMutex(String uri) {
        Config config = new Config();
        config.useSingleServer().setAddress(uri);
        redisson = Redisson.create(config);
        executor = new RedissonLockExecutor(redisson);
    }

    @Override
    public void run(String key, Runnable body) {
        String name = "lock4j:" + key;
        RLock lock = executor.acquire(name, "", LEASE_MILLIS, WAIT_MILLIS);
        if (lock == null) {
            throw new IllegalStateException("not acquired");
        }
        try {
            body.run();
        } finally {
            executor.releaseLock(name, "", lock);
        }
    }

    @Override
    public void close() {
        redisson.shutdown();
    }
}
