package io.lockweave.spring.actuate;

import io.lockweave.LockException;
import io.lockweave.Locks;
import io.lockweave.spring.backend.ApplicationLocks;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether the store of the primary locks answers. */
final class LocksHealth extends AbstractHealthIndicator {

    private final Supplier<Locks> locks;

    LocksHealth(Supplier<Locks> locks) {
        super("The store of the locks does not answer");
        this.locks = locks;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws LockException {
        Locks primary = locks.get();
        builder.withDetail("backend", primary.backend());
        primary.outage().ifPresent(outage -> builder.withDetail("outage", LockReport.describe(outage)));
        primary.inspect(ApplicationLocks.PROBE);
        builder.up();
    }
}
