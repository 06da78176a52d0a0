package io.lockweave.spring.integration;

import io.lockweave.LockKey;
import io.lockweave.Locks;
import java.util.concurrent.locks.Lock;
import org.springframework.integration.support.locks.LockRegistry;

/**
 * Lockweave's locks as a {@link LockRegistry} of Spring Integration, for aggregators, file channels, leader elections:
 *
 * <pre>{@code
 * @Bean
 * LockRegistry<?> lockRegistry(Locks locks) {      // LockRegistry before Spring Integration 7
 *     return new LockweaveLockRegistry(locks, "integration");
 * }
 * }</pre>
 *
 * <p>The registry's key is the value of the lock's key, by its text, and the name is the one given here: an
 * {@code @Locked} method of that name and value excludes them. The locks belong to threads, are reentrant and renewed
 * while they are held; {@code unlock} fails with {@link io.lockweave.LockLostException} if the lock was lost.
 * Conditions are unsupported. Nothing is kept for a key that is not in use. Safe for use from any thread.
 */
public final class LockweaveLockRegistry implements LockRegistry<Lock> {

    private final Locks locks;
    private final String name;

    /** Over these locks, which stay open in the end, with this name in all keys. */
    public LockweaveLockRegistry(Locks locks, String name) {
        this.locks = locks;
        this.name = name;
    }

    @Override
    public Lock obtain(Object lockKey) {
        return locks.asLock(LockKey.of(name, lockKey));
    }
}
