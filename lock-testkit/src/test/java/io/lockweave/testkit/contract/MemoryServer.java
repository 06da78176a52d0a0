package io.lockweave.testkit.contract;

import io.lockweave.LockBackendException;
import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockUsageException;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.JointAttempt;
import io.lockweave.spi.Renewal;
import io.lockweave.spi.StoredLock;
import io.lockweave.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A correct and simple lock server in memory: a map, a clock and one lock around each step. Each of its small steps can
 * be overridden to break exactly one thing.
 */
class MemoryServer {

    /** One grant as the server remembers it. */
    static final class Holding {
        final Grant grant;
        final long since;
        long leaseEnd;

        Holding(Grant grant, long since, long leaseEnd) {
            this.grant = grant;
            this.since = since;
            this.leaseEnd = leaseEnd;
        }
    }

    final ReentrantLock mutex = new ReentrantLock();
    final TimeSource clock;
    final MemoryWaiters waiters;
    final Map<Object, Map<String, Holding>> held = new HashMap<>();
    /** Whether every call fails. */
    volatile boolean down;

    long lastFence;

    MemoryServer(TimeSource clock, boolean sendsGrants) {
        this.clock = clock;
        this.waiters = new MemoryWaiters(this, sendsGrants);
    }

    MemoryServer(TimeSource clock) {
        this(clock, false);
    }

    // What a client can ask

    Attempt tryAcquire(Claim claim) {
        return atomically(() -> {
            Map<String, Holding> holders = holders(claim.key());
            Holding mine = holders.get(claim.owner());
            if (mine != null) {
                return granted(repeated(mine, claim));
            }
            checkPermits(holders.values(), claim);
            if (!fits(holders.values(), claim) || !mayEnter(claim)) {
                waiters.enqueue(claim);
                return busy(holders.values());
            }
            return granted(grant(claim));
        });
    }

    JointAttempt tryAcquireAll(List<Claim> claims) {
        return atomically(() -> {
            for (Claim claim : claims) {
                Map<String, Holding> holders = holders(claim.key());
                if (!holders.containsKey(claim.owner()) && (!fits(holders.values(), claim) || !mayEnter(claim))) {
                    return new JointAttempt.Busy(claim.key(), busy(holders.values()));
                }
            }
            return new JointAttempt.Granted(
                    claims.stream().map(this::grantOrRepeat).toList());
        });
    }

    private Grant grantOrRepeat(Claim claim) {
        Holding mine = holders(claim.key()).get(claim.owner());
        return mine == null ? grant(claim).grant : repeated(mine, claim).grant;
    }

    List<Renewal> renew(List<Grant> grants, Duration lease) {
        return atomically(
                () -> grants.stream().map(grant -> renew(grant, lease)).toList());
    }

    boolean release(Grant grant) {
        boolean released = atomically(() -> remove(grant.key(), grant.owner()));
        wake(grant.key());
        return released;
    }

    List<Boolean> releaseAll(List<Grant> grants) {
        return grants.stream().map(this::release).toList();
    }

    void withdraw(Claim claim) {
        atomically(() -> {
            waiters.leave(claim);
            return remove(claim.key(), claim.owner());
        });
        wake(claim.key());
    }

    Optional<StoredLock> find(LockKey key) {
        return atomically(() -> stored(holders(key).values()));
    }

    List<StoredLock> list(int limit) {
        return atomically(() -> {
            List<LockKey> keys = held.values().stream()
                    .flatMap(holders -> holders.values().stream().limit(1))
                    .map(holding -> holding.grant.key())
                    .toList();
            return keys.stream()
                    .map(key -> stored(holders(key).values()))
                    .flatMap(Optional::stream)
                    .limit(limit)
                    .toList();
        });
    }

    boolean forceRelease(LockKey key) {
        boolean released = atomically(() -> {
            boolean any = !holders(key).isEmpty();
            held.remove(id(key));
            return any;
        });
        wake(key);
        return released;
    }

    void loseData() {
        atomically(() -> {
            held.clear();
            waiters.forget();
            return true;
        });
    }

    long entries() {
        return atomically(() -> {
            for (Object id : List.copyOf(held.keySet())) {
                expire(id);
            }
            return (long) held.size() + waiters.count();
        });
    }

    // The steps a mutant breaks

    <T> T atomically(Supplier<T> step) {
        failIfDown();
        mutex.lock();
        try {
            return step.get();
        } finally {
            mutex.unlock();
        }
    }

    void failIfDown() {
        if (down) {
            throw LockBackendException.passing("The server in memory is down", null);
        }
    }

    Object id(LockKey key) {
        return key;
    }

    long leaseEnd(long now, Duration lease) {
        return now + lease.toNanos();
    }

    boolean expired(Holding holding) {
        return clock.nanoTime() - holding.leaseEnd >= 0;
    }

    long nextFence(Claim claim) {
        long first = lastFence + 1;
        lastFence += claim.fences();
        return first;
    }

    boolean fits(Collection<Holding> holders, Claim claim) {
        return switch (claim.mode()) {
            case EXCLUSIVE -> holders.isEmpty();
            case SHARED -> holders.stream().allMatch(holding -> mode(holding) == LockMode.SHARED);
            case PERMIT ->
                holders.size() < claim.permits() && holders.stream().allMatch(h -> mode(h) == LockMode.PERMIT);
        };
    }

    void checkPermits(Collection<Holding> holders, Claim claim) {
        for (Holding holding : holders) {
            Claim other = holding.grant.claim();
            if (claim.mode() == LockMode.PERMIT
                    && other.mode() == LockMode.PERMIT
                    && other.permits() != claim.permits()) {
                throw new LockUsageException(
                        claim.key() + " is asked for with " + claim.permits() + " permits and in use with "
                                + other.permits(),
                        "give all claims of one key the same number of permits");
            }
        }
    }

    boolean mayEnter(Claim claim) {
        return waiters.mayEnter(claim);
    }

    Holding repeated(Holding mine, Claim claim) {
        return mine;
    }

    void wake(LockKey key) {
        waiters.wake(key);
    }

    Grant told(Grant grant) {
        return grant;
    }

    Renewal renew(Grant grant, Duration lease) {
        Holding holding = holders(grant.key()).get(grant.owner());
        if (holding == null) {
            return Renewal.LOST;
        }
        holding.leaseEnd = leaseEnd(clock.nanoTime(), lease);
        return Renewal.HELD;
    }

    boolean remove(LockKey key, String owner) {
        Map<String, Holding> holders = holders(key);
        boolean removed = holders.remove(owner) != null;
        forgetIfEmpty(key, holders);
        return removed;
    }

    void forgetIfEmpty(LockKey key, Map<String, Holding> holders) {
        if (holders.isEmpty()) {
            held.remove(id(key));
        }
    }

    // Shared by the above

    /** The holders of a key whose lease has not ended. */
    final Map<String, Holding> holders(LockKey key) {
        expire(id(key));
        return held.getOrDefault(id(key), Map.of()).isEmpty() ? new LinkedHashMap<>() : held.get(id(key));
    }

    private void expire(Object id) {
        Map<String, Holding> holders = held.get(id);
        if (holders != null) {
            holders.values().removeIf(this::expired);
            if (holders.isEmpty()) {
                held.remove(id);
            }
        }
    }

    final Holding grant(Claim claim) {
        long now = clock.nanoTime();
        Grant grant = new Grant(claim, nextFence(claim), claim.fences());
        Holding holding = new Holding(grant, now, leaseEnd(now, claim.lease()));
        held.computeIfAbsent(id(claim.key()), id -> new LinkedHashMap<>()).put(claim.owner(), holding);
        waiters.leave(claim);
        return holding;
    }

    private static Attempt granted(Holding holding) {
        return new Attempt.Granted(holding.grant);
    }

    private Attempt.Busy busy(Collection<Holding> holders) {
        long now = clock.nanoTime();
        @Nullable Holding latest = null;
        for (Holding holding : holders) {
            latest = latest == null || holding.leaseEnd - latest.leaseEnd > 0 ? holding : latest;
        }
        return latest == null
                ? new Attempt.Busy(null, null)
                : new Attempt.Busy(Duration.ofNanos(latest.leaseEnd - now), describe(latest));
    }

    private Optional<StoredLock> stored(Collection<Holding> holders) {
        List<LockHolder> described = new ArrayList<>();
        holders.forEach(holding -> described.add(describe(holding)));
        return described.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new StoredLock(holders.iterator().next().grant.key().toString(), described, -1));
    }

    private LockHolder describe(Holding holding) {
        long now = clock.nanoTime();
        Claim claim = holding.grant.claim();
        return new LockHolder(
                claim.owner(),
                claim.place(),
                claim.mode(),
                holding.grant.fence(),
                Duration.ofNanos(now - holding.since),
                Duration.ofNanos(holding.leaseEnd - now));
    }

    static LockMode mode(Holding holding) {
        return holding.grant.claim().mode();
    }
}
