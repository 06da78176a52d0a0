package io.lockweave.testkit.contract;

import io.lockweave.LockKey;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.JointAttempt;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import io.lockweave.spi.StoredLock;
import io.lockweave.spi.Waker;
import io.lockweave.spi.Watch;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One client of a {@link MemoryServer}. */
final class MemoryStore implements LockStore {

    static final Set<Capability> CAPABILITIES = Set.copyOf(EnumSet.of(
            Capability.SHARED,
            Capability.PERMITS,
            Capability.FAIR,
            Capability.LEASE,
            Capability.PUSH,
            Capability.TOGETHER,
            Capability.DURABLE_FENCE));

    private final MemoryServer server;
    private final Set<Capability> capabilities;

    MemoryStore(MemoryServer server) {
        this(server, CAPABILITIES);
    }

    MemoryStore(MemoryServer server, Set<Capability> capabilities) {
        this.server = server;
        this.capabilities = capabilities;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public Attempt tryAcquire(Claim claim) {
        return server.tryAcquire(claim);
    }

    @Override
    public JointAttempt tryAcquireAll(List<Claim> claims) {
        return server.tryAcquireAll(claims);
    }

    @Override
    public List<Renewal> renew(List<Grant> grants, Duration lease) {
        return server.renew(grants, lease);
    }

    @Override
    public boolean release(Grant grant) {
        return server.release(grant);
    }

    @Override
    public List<Boolean> releaseAll(List<Grant> grants) {
        return server.releaseAll(grants);
    }

    @Override
    public void withdraw(Claim claim) {
        server.withdraw(claim);
    }

    @Override
    public Watch watch(Claim claim, Waker waker) {
        return server.waiters.watch(claim, waker);
    }

    @Override
    public Optional<StoredLock> find(LockKey key) {
        return server.find(key);
    }

    @Override
    public List<StoredLock> list(int limit) {
        return server.list(limit);
    }

    @Override
    public boolean forceRelease(LockKey key) {
        return server.forceRelease(key);
    }

    @Override
    public void close() {
        // nothing was opened
    }
}
