package io.lockweave.spring;

import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.Locks;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether the store of the primary locks answers. */
final class LocksHealth extends AbstractHealthIndicator {

    private static final LockKey PROBE = LockKey.of("lockweave.health");

    private final Supplier<Locks> locks;

    LocksHealth(Supplier<Locks> locks) {
        this.locks = locks;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws LockException {
        Locks primary = locks.get();
        builder.withDetail("backend", primary.backend());
        primary.inspect(PROBE);
        builder.up();
    }
}
