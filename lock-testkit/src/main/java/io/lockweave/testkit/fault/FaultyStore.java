package io.lockweave.testkit.fault;

import io.lockweave.LockBackendException;
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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A store in front of another one that fails, loses replies or hangs on demand, and counts what it is asked. Safe for
 * use from any thread.
 */
public final class FaultyStore implements LockStore {

    private static final long LONGEST_HANG_SECONDS = 60;

    /** What a store can be asked. */
    public enum Call {
        /** {@link LockStore#tryAcquire}. */
        TRY_ACQUIRE,
        /** {@link LockStore#tryAcquireAll}. */
        TRY_ACQUIRE_ALL,
        /** {@link LockStore#renew}. */
        RENEW,
        /** {@link LockStore#release}. */
        RELEASE,
        /** {@link LockStore#releaseAll}. */
        RELEASE_ALL,
        /** {@link LockStore#withdraw}. */
        WITHDRAW,
        /** {@link LockStore#watch}. */
        WATCH,
        /** {@link LockStore#find}, {@link LockStore#list}. */
        LOOK,
        /** {@link LockStore#forceRelease}. */
        FORCE_RELEASE
    }

    private final LockStore store;
    private final Map<Call, AtomicInteger> calls = perCall();
    private final Map<Call, AtomicInteger> toFail = perCall();
    private final Map<Call, AtomicInteger> repliesToLose = perCall();
    private volatile Set<Call> hanging = Set.of();
    private volatile CountDownLatch healed = new CountDownLatch(1);
    private volatile Predicate<LockKey> hit = key -> true;
    private volatile boolean lasting;

    /** Passes everything on to this store for now, and is closed with it. */
    public FaultyStore(LockStore store) {
        this.store = store;
    }

    private static Map<Call, AtomicInteger> perCall() {
        Map<Call, AtomicInteger> counters = new EnumMap<>(Call.class);
        for (Call call : Call.values()) {
            counters.put(call, new AtomicInteger());
        }
        return counters;
    }

    private static AtomicInteger of(Map<Call, AtomicInteger> counters, Call call) {
        AtomicInteger counter = counters.get(call);
        if (counter == null) {
            throw new IllegalStateException("no counter for " + call);
        }
        return counter;
    }

    /** How often it was asked. */
    public int calls(Call call) {
        return of(calls, call).get();
    }

    /** How often it was asked anything. */
    public int calls() {
        return calls.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    /** The next calls, so many of them, fail before the store sees them. */
    public FaultyStore failing(Call call, int times) {
        of(toFail, call).set(times);
        return this;
    }

    /** Every call fails before the store sees it. */
    public FaultyStore down() {
        toFail.values().forEach(times -> times.set(Integer.MAX_VALUE));
        return this;
    }

    /** The next calls, so many of them, are done by the store, and then fail: their replies are lost. */
    public FaultyStore losingReplies(Call call, int times) {
        of(repliesToLose, call).set(times);
        return this;
    }

    /** Every such call blocks until {@link #heal()}, then fails. */
    public FaultyStore hanging(Call... calls) {
        hanging = Set.of(calls);
        return this;
    }

    /** Faults hit calls about this key only. */
    public FaultyStore only(LockKey key) {
        hit = key::equals;
        return this;
    }

    /** Failures from now on are of the kind that stays until somebody fixes it. */
    public FaultyStore lasting() {
        lasting = true;
        return this;
    }

    /** Ends all faults. */
    public FaultyStore heal() {
        toFail.values().forEach(times -> times.set(0));
        repliesToLose.values().forEach(times -> times.set(0));
        hanging = Set.of();
        lasting = false;
        CountDownLatch before = healed;
        healed = new CountDownLatch(1);
        before.countDown();
        return this;
    }

    private <T> T call(Call call, Predicate<Predicate<LockKey>> about, Supplier<T> real) {
        of(calls, call).incrementAndGet();
        if (!about.test(hit)) {
            return real.get();
        }
        CountDownLatch end = healed; // before the look: what heals from here on ends this too
        if (hanging.contains(call)) {
            hang(end);
            throw failure(call, "never answered");
        }
        if (takesOne(of(toFail, call))) {
            throw failure(call, "cannot be reached");
        }
        T result = real.get();
        if (takesOne(of(repliesToLose, call))) {
            throw failure(call, "was cut off before it answered");
        }
        return result;
    }

    private static boolean takesOne(AtomicInteger times) {
        return times.getAndUpdate(left -> left == Integer.MAX_VALUE ? left : Math.max(0, left - 1)) > 0;
    }

    private LockBackendException failure(Call call, String what) {
        String message = "The store " + what + " (" + call + ", as the test wants it)";
        return lasting ? LockBackendException.lasting(message, null) : LockBackendException.passing(message, null);
    }

    private void hang(CountDownLatch end) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_HANG_SECONDS);
        for (long left = 1; left > 0; left = deadline - System.nanoTime()) {
            try {
                if (end.await(left, TimeUnit.NANOSECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public Set<Capability> capabilities() {
        return store.capabilities();
    }

    @Override
    public Attempt tryAcquire(Claim claim) {
        return call(Call.TRY_ACQUIRE, keys -> keys.test(claim.key()), () -> store.tryAcquire(claim));
    }

    @Override
    public JointAttempt tryAcquireAll(List<Claim> claims) {
        return call(
                Call.TRY_ACQUIRE_ALL,
                keys -> claims.stream().anyMatch(claim -> keys.test(claim.key())),
                () -> store.tryAcquireAll(claims));
    }

    @Override
    public List<Renewal> renew(List<Grant> grants, Duration lease) {
        return call(
                Call.RENEW,
                keys -> grants.stream().anyMatch(grant -> keys.test(grant.key())),
                () -> store.renew(grants, lease));
    }

    @Override
    public boolean release(Grant grant) {
        return call(Call.RELEASE, keys -> keys.test(grant.key()), () -> store.release(grant));
    }

    @Override
    public List<Boolean> releaseAll(List<Grant> grants) {
        return call(
                Call.RELEASE_ALL,
                keys -> grants.stream().anyMatch(grant -> keys.test(grant.key())),
                () -> store.releaseAll(grants));
    }

    @Override
    public void withdraw(Claim claim) {
        call(Call.WITHDRAW, keys -> keys.test(claim.key()), () -> {
            store.withdraw(claim);
            return true;
        });
    }

    @Override
    public Watch watch(Claim claim, Waker waker) {
        return call(Call.WATCH, keys -> keys.test(claim.key()), () -> store.watch(claim, waker));
    }

    @Override
    public Optional<StoredLock> find(LockKey key) {
        return call(Call.LOOK, keys -> keys.test(key), () -> store.find(key));
    }

    @Override
    public List<StoredLock> list(int limit) {
        return call(Call.LOOK, keys -> true, () -> store.list(limit));
    }

    @Override
    public boolean forceRelease(LockKey key) {
        return call(Call.FORCE_RELEASE, keys -> keys.test(key), () -> store.forceRelease(key));
    }

    @Override
    public void onLost(LossListener listener) {
        store.onLost(listener);
    }

    @Override
    public void close() {
        store.close();
    }
}
