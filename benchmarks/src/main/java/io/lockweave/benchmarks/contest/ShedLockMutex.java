package io.lockweave.benchmarks.contest;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;

/** ShedLock, any provider. It does not wait; somebody who wants to has to ask again, here at once. */
final class ShedLockMutex implements Mutex {

    private final LockProvider provider;
    private final AutoCloseable client;

    ShedLockMutex(LockProvider provider, AutoCloseable client) {
        this.provider = provider;
        this.client = client;
    }

    @Override
    public void run(String key, Runnable body) {
        Optional<SimpleLock> lock = take(key);
        while (lock.isEmpty()) {
            lock = take(key);
        }
        try {
            body.run();
        } finally {
            lock.get().unlock();
        }
    }

    private Optional<SimpleLock> take(String key) {
        return provider.lock(new LockConfiguration(Instant.now(), key, Duration.ofSeconds(30), Duration.ZERO));
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
