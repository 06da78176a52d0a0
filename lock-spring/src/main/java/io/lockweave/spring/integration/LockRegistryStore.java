package io.lockweave.spring.integration;

import io.lockweave.LockBackendException;
import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import io.lockweave.LockUsageException;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.BackgroundThreads;
import io.lockweave.spi.Capability;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Renewal;
import io.lockweave.spi.StoredLock;
import io.lockweave.spi.Waker;
import io.lockweave.spi.Watch;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.springframework.integration.support.locks.LockRegistry;
import org.springframework.integration.support.locks.RenewableLockRegistry;

/**
 * Exclusive locks in a {@link LockRegistry} of Spring Integration. Its locks belong to threads, so a few threads of
 * this store take, keep and release them: each key has its thread. What a registry does not say is not said here
 * either: how long it keeps the lock of a dead holder, who holds a lock in another process. Fences come from this JVM's
 * clock and grow from process to process only as far as their clocks agree. It is long because the SPI has many small
 * methods.
 */
@SuppressWarnings("rawtypes") // the types have parameters since Spring Integration 7 only
final class LockRegistryStore implements LockStore {

    private static final Logger LOG = System.getLogger("io.lockweave.spring");

    private static final LockHolder SOMEBODY =
            new LockHolder("?", new LockPlace("another process", -1, "?"), LockMode.EXCLUSIVE, 0, null, null);

    /** As many as a clock that counts nanoseconds goes on by before the next holder can come. */
    private static final int MOST_FENCES = 1_000;

    private static final AtomicLong LAST_FENCE = new AtomicLong();

    /** A lock that one of the threads holds, and until when it is wanted. */
    private record Held(Grant grant, Lock lock, long since, long wantedUntil) {

        Held wantedFor(Duration lease) {
            return new Held(grant, lock, since, System.nanoTime() + lease.toNanos());
        }

        /** Whoever held it has been told that it is lost, and gives nothing back. */
        boolean isOver() {
            return System.nanoTime() - wantedUntil > 0;
        }

        LockHolder holder() {
            Claim claim = grant.claim();
            Duration heldFor = Duration.ofNanos(System.nanoTime() - since);
            return new LockHolder(claim.owner(), claim.place(), claim.mode(), grant.fence(), heldFor, null);
        }
    }

    private final LockRegistry registry;
    private final KeyThreads threads;

    private final ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor(
            task -> BackgroundThreads.daemon("lockweave-integration-renewal", task));

    private volatile LossListener listener = (owner, why) -> {};

    /** Changed only by the thread of the key. */
    private final Map<LockKey, Held> held = new ConcurrentHashMap<>();

    /**
     * Over a registry, which stays open in the end. Calls that take longer than the time-out have failed. A registry
     * does not say how long it keeps a lock, so its locks are renewed this often, whatever their lease here.
     */
    LockRegistryStore(LockRegistry registry, Duration timeout, Duration renewal) {
        this.registry = registry;
        this.threads = new KeyThreads(timeout);
        keeper.scheduleWithFixedDelay(this::renewAll, renewal.toNanos(), renewal.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public String name() {
        return "integration";
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(Capability.CROSS_PROCESS);
    }

    @Override
    public void onLost(LossListener listener) {
        this.listener = listener;
    }

    @Override
    public Attempt tryAcquire(Claim claim) {
        return call("Asking for lock " + claim.key(), claim.key(), () -> {
            Held mine = held.get(claim.key());
            if (mine != null) {
                if (!mine.grant().owner().equals(claim.owner())) {
                    return new Attempt.Busy(null, mine.holder());
                }
                held.put(claim.key(), mine.wantedFor(claim.lease()));
                return new Attempt.Granted(mine.grant());
            }
            Lock lock = lock(claim.key());
            if (!lock.tryLock()) {
                return new Attempt.Busy(null, null);
            }
            int fences = Math.min(claim.fences(), MOST_FENCES);
            Grant grant = new Grant(claim, fence(fences), fences);
            long now = System.nanoTime();
            held.put(claim.key(), new Held(grant, lock, now, now + claim.lease().toNanos()));
            return new Attempt.Granted(grant);
        });
    }

    private Lock lock(LockKey key) {
        return registry.obtain(key.fingerprint());
    }

    private static long fence(int fences) {
        long clock = ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
        return LAST_FENCE.updateAndGet(last -> Math.max(last, clock) + fences) - fences + 1;
    }

    @Override
    public List<Renewal> renew(List<Grant> grants, Duration lease) {
        List<Renewal> answers = new ArrayList<>();
        for (Grant grant : grants) {
            answers.add(call("Renewing lock " + grant.key(), grant.key(), () -> {
                Renewal answer = renew(grant);
                held.computeIfPresent(
                        grant.key(), (key, mine) -> answer == Renewal.HELD ? mine.wantedFor(lease) : mine);
                return answer;
            }));
        }
        return answers;
    }

    private void renewAll() {
        for (Held lock : List.copyOf(held.values())) {
            Grant grant = lock.grant();
            try {
                boolean lost = call(
                        "Renewing lock " + grant.key(),
                        grant.key(),
                        () -> held(grant.claim()) != null && renew(grant) == Renewal.LOST);
                if (lost) {
                    listener.lost(grant.owner(), "the LockRegistry no longer has it");
                }
            } catch (LockBackendException e) {
                LOG.log(Level.WARNING, e.getMessage() + "; it is tried again");
            }
        }
    }

    private Renewal renew(Grant grant) {
        Held mine = held(grant.claim());
        if (mine == null) {
            return Renewal.LOST;
        }
        if (mine.isOver()) {
            unlock(mine);
            return Renewal.LOST;
        }
        if (registry instanceof RenewableLockRegistry renewable) {
            try {
                renewable.renewLock(grant.key().fingerprint());
            } catch (IllegalStateException | IllegalMonitorStateException e) {
                release(grant.claim());
                return Renewal.LOST;
            }
        }
        return Renewal.HELD;
    }

    private @Nullable Held held(Claim claim) {
        Held mine = held.get(claim.key());
        return mine != null && mine.grant().owner().equals(claim.owner()) ? mine : null;
    }

    @Override
    public boolean release(Grant grant) {
        return call("Releasing lock " + grant.key(), grant.key(), () -> release(grant.claim()));
    }

    @Override
    public void withdraw(Claim claim) {
        call("Withdrawing from lock " + claim.key(), claim.key(), () -> release(claim));
    }

    private boolean release(Claim claim) {
        Held mine = held(claim);
        return mine != null && unlock(mine);
    }

    /** Whether it was held until now. A registry gives its thread's lock up even if its store fails. */
    private boolean unlock(Held lock) {
        held.remove(lock.grant().key());
        try {
            lock.lock().unlock();
            return true;
        } catch (IllegalStateException | IllegalMonitorStateException | ConcurrentModificationException e) {
            return false;
        }
    }

    @Override
    public Watch watch(Claim claim, Waker waker) {
        return Watch.NONE;
    }

    /** Of a lock that is not held here it is found out by taking it for a moment. */
    @Override
    public Optional<StoredLock> find(LockKey key) {
        return call("Looking for lock " + key, key, () -> {
            Held mine = held.get(key);
            if (mine == null && isFree(key)) {
                return Optional.empty();
            }
            return Optional.of(new StoredLock(key.toString(), List.of(mine == null ? SOMEBODY : mine.holder()), -1));
        });
    }

    private boolean isFree(LockKey key) {
        Lock lock = lock(key);
        if (!lock.tryLock()) {
            return false;
        }
        lock.unlock();
        return true;
    }

    /** Those of this process: registries have no list. */
    @Override
    public List<StoredLock> list(int limit) {
        return held.values().stream()
                .limit(limit)
                .map(lock -> new StoredLock(lock.grant().key().toString(), List.of(lock.holder()), -1))
                .toList();
    }

    @Override
    public boolean forceRelease(LockKey key) {
        return call("Forcing lock " + key + " free", key, () -> {
            Held mine = held.get(key);
            if (mine != null) {
                return unlock(mine);
            }
            if (isFree(key)) {
                return false;
            }
            throw new LockUsageException(
                    "Lock " + key + " is held by another process, and a LockRegistry frees nobody else's locks",
                    "end that process, or free the lock with the tools of the registry's store");
        });
    }

    private <T> T call(String doing, LockKey key, Callable<T> work) {
        return threads.call(doing, key, work);
    }

    @Override
    public void close() {
        keeper.shutdownNow();
        for (Held lock : List.copyOf(held.values())) {
            try {
                release(lock.grant());
            } catch (LockBackendException e) {
                // its store ends it, as when this process dies
            }
        }
        threads.close();
    }
}
