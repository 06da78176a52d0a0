package io.lockweave.engine;

import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import io.lockweave.spi.StoredLock;
import io.lockweave.spi.Waker;
import io.lockweave.spi.Watch;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Exclusive locks in a map, for tests of the engine alone. Leases never end by themselves; each step may be overridden.
 */
class MapStore implements LockStore {

    final Map<LockKey, Grant> held = new ConcurrentHashMap<>();
    final Queue<Waker> wakers = new ConcurrentLinkedQueue<>();
    volatile LossListener losses = (owner, why) -> {};
    private final AtomicLong fences = new AtomicLong();

    @Override
    public String name() {
        return "map";
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(Capability.LEASE, Capability.CROSS_PROCESS);
    }

    @Override
    public Attempt tryAcquire(Claim claim) {
        Grant asked = new Grant(claim, fences.getAndAdd(claim.fences()) + 1, claim.fences());
        Grant holder = held.putIfAbsent(claim.key(), asked);
        if (holder == null || holder.owner().equals(claim.owner())) {
            return new Attempt.Granted(holder == null ? asked : holder);
        }
        Claim other = holder.claim();
        return new Attempt.Busy(
                null, new LockHolder(other.owner(), other.place(), other.mode(), holder.fence(), Duration.ZERO, null));
    }

    @Override
    public List<Renewal> renew(List<Grant> grants, Duration lease) {
        return grants.stream()
                .map(grant -> isHeld(grant) ? Renewal.HELD : Renewal.LOST)
                .toList();
    }

    private boolean isHeld(Grant grant) {
        Grant holder = held.get(grant.key());
        return holder != null && holder.owner().equals(grant.owner());
    }

    @Override
    public boolean release(Grant grant) {
        return isHeld(grant) && held.remove(grant.key()) != null;
    }

    @Override
    public void withdraw(Claim claim) {
        held.computeIfPresent(claim.key(), (key, grant) -> grant.owner().equals(claim.owner()) ? null : grant);
    }

    @Override
    public Watch watch(Claim claim, Waker waker) {
        wakers.add(waker);
        return Watch.NONE;
    }

    @Override
    public Optional<StoredLock> find(LockKey key) {
        return Optional.empty();
    }

    @Override
    public List<StoredLock> list(int limit) {
        return List.of();
    }

    @Override
    public boolean forceRelease(LockKey key) {
        return held.remove(key) != null;
    }

    @Override
    public void onLost(LossListener listener) {
        losses = listener;
    }

    @Override
    public void close() {}
}
