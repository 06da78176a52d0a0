package io.lockweave.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import io.lockweave.Locks;
import io.lockweave.LocksBuilder;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Attempt.Busy;
import io.lockweave.spi.Attempt.Granted;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.JointAttempt;
import io.lockweave.spi.LockBackend;
import io.lockweave.spi.LockStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * What the tests of a contract work with: backends, locks, keys and claims of their own, cleaned up after each test.
 */
final class Fixture implements AutoCloseable {

    /** Longer than any test. */
    static final Duration LONG = Duration.ofSeconds(60);

    /** A lease to wait the end of. */
    static final Duration SHORT = Duration.ofMillis(600);

    /** How much sooner than asked a lease may end, for stores that count milliseconds. */
    static final Duration GRANULARITY = Duration.ofMillis(10);

    /** What a slow machine may add to a time that is bounded above. */
    static final Duration SLACK = Duration.ofSeconds(5);

    private static final LockPlace PLACE =
            new LockPlace("testhost", ProcessHandle.current().pid(), "tester");

    private final BackendContract contract;
    private final String unique = UUID.randomUUID().toString();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Deque<Claim> claimed = new ConcurrentLinkedDeque<>();
    private @Nullable LockBackend first;
    private int keys;

    Fixture(BackendContract contract) {
        this.contract = contract;
    }

    /** The backend of this JVM. */
    LockBackend backend() {
        LockBackend backend = first;
        if (backend == null) {
            backend = opened(contract.newBackend());
            first = backend;
        }
        return backend;
    }

    /** The store of this JVM. */
    LockStore store() {
        return (LockStore) backend();
    }

    /** The store of yet another JVM. */
    LockStore otherStore() {
        return (LockStore) opened(contract.newBackend());
    }

    /** Locks of yet another JVM. */
    Locks locks() {
        return locks(builder -> builder);
    }

    /** Locks of yet another JVM, configured. */
    Locks locks(UnaryOperator<LocksBuilder> configure) {
        return locksOn(contract.newBackend(), configure);
    }

    /** Locks on this backend, configured. */
    Locks locksOn(LockBackend backend, UnaryOperator<LocksBuilder> configure) {
        LocksBuilder builder =
                contract.configure(Locks.builder(backend).leaseTime(LONG).waitTime(LONG));
        return opened(configure.apply(builder).build());
    }

    /** The contract class as one of its hooks. */
    <H extends StoreHook> H hook(Class<H> hook) {
        return hook.cast(contract);
    }

    void letPass(Duration time) {
        contract.letPass(time);
    }

    /** Closes it after the test. */
    <T extends AutoCloseable> T opened(T resource) {
        synchronized (opened) {
            opened.push(resource);
        }
        return resource;
    }

    /** A key nobody else uses, in a namespace. */
    LockKey key() {
        synchronized (opened) {
            return key("k" + ++keys);
        }
    }

    /** A key with this value, in this test's own name. */
    LockKey key(Object value) {
        return LockKey.of("contract-" + unique, value).in("contract");
    }

    /** This text where nobody else uses it. */
    String unique(String text) {
        return text + unique;
    }

    /** Waits until so many wait for the key in the JVM of these locks. */
    static void awaitWaiters(Locks locks, LockKey key, int waiters) {
        Awaitility.await()
                .atMost(SLACK.multipliedBy(2))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> locks.inspect(key).waiters().size() == waiters);
    }

    /** Gives another thread the chance to get in between. */
    static void stumble() {
        LockSupport.parkNanos(1);
    }

    /** Lets real time pass. */
    static void rest(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    static Claim exclusive(LockKey key) {
        return exclusive(key, LONG);
    }

    static Claim exclusive(LockKey key, Duration lease) {
        return claim(key, LockMode.EXCLUSIVE, 1, lease);
    }

    static Claim shared(LockKey key) {
        return shared(key, LONG);
    }

    static Claim shared(LockKey key, Duration lease) {
        return claim(key, LockMode.SHARED, 1, lease);
    }

    static Claim permit(LockKey key, int permits) {
        return permit(key, permits, LONG);
    }

    static Claim permit(LockKey key, int permits, Duration lease) {
        return claim(key, LockMode.PERMIT, permits, lease);
    }

    private static Claim claim(LockKey key, LockMode mode, int permits, Duration lease) {
        return new Claim(key, mode, permits, false, newOwner(), lease, 1, false, PLACE);
    }

    /** The same claim for so many fences. */
    static Claim withFences(Claim c, int fences) {
        return new Claim(
                c.key(), c.mode(), c.permits(), c.fair(), c.owner(), c.lease(), fences, c.willWait(), c.place());
    }

    /** The same claim by somebody who waits if it is busy. */
    static Claim waiting(Claim c, boolean fair) {
        return new Claim(c.key(), c.mode(), c.permits(), fair, c.owner(), c.lease(), c.fences(), true, c.place());
    }

    /** The same claim from elsewhere. */
    static Claim from(Claim c, LockPlace place) {
        return new Claim(
                c.key(), c.mode(), c.permits(), c.fair(), c.owner(), c.lease(), c.fences(), c.willWait(), place);
    }

    static String newOwner() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** Asks the store; the claim is withdrawn after the test. */
    Attempt ask(LockStore store, Claim claim) {
        claimed.push(claim);
        return store.tryAcquire(claim);
    }

    /** Asks the store for all of them at once; the claims are withdrawn after the test. */
    JointAttempt ask(LockStore store, List<Claim> claims) {
        claims.forEach(claimed::push);
        return store.tryAcquireAll(claims);
    }

    /** Asks the store, which must grant. */
    Grant granted(LockStore store, Claim claim) {
        Attempt attempt = ask(store, claim);
        assertThat(attempt).as("answer to %s", claim).isInstanceOf(Granted.class);
        Grant grant = ((Granted) attempt).grant();
        assertThat(grant.owner()).as("owner of the grant").isEqualTo(claim.owner());
        assertThat(grant.key()).as("key of the grant").isEqualTo(claim.key());
        assertThat(grant.fence()).as("fence").isPositive();
        assertThat(grant.fences()).as("fences granted").isBetween(1, claim.fences());
        return grant;
    }

    /** Asks the store, which must be busy. */
    Busy busy(LockStore store, Claim claim) {
        Attempt attempt = ask(store, claim);
        assertThat(attempt).as("answer to %s", claim).isInstanceOf(Busy.class);
        return (Busy) attempt;
    }

    /**
     * Starts a lease, then asserts that the other claim is busy for that lease and granted after it. Time is measured
     * from before the lease started, so the lower bound is exact.
     */
    void busyUntilLeaseEnd(LockStore store, Claim other, Duration lease, Runnable start) {
        start.run();
        letPass(lease.dividedBy(2));
        busy(store, other);
        letPass(lease.dividedBy(2).plus(GRANULARITY));
        granted(store, other);
    }

    /** Asserts that nobody holds the key, by asking for it. */
    void assertFree(LockStore store, LockKey key) {
        assertThat(store.release(granted(store, exclusive(key)))).isTrue();
    }

    @Override
    public void close() {
        try {
            LockBackend backend = first;
            if (backend instanceof LockStore store) {
                claimed.forEach(store::withdraw);
            }
        } catch (LockException e) {
            // the test left the store in a bad state, which it must have meant to: leases end what is left
        }
        synchronized (opened) {
            while (!opened.isEmpty()) {
                closeQuietly(opened.pop());
            }
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // as above
        }
    }
}
