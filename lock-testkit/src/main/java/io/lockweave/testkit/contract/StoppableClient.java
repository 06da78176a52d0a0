package io.lockweave.testkit.contract;

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
import io.lockweave.testkit.Together;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A store as a process that is stopped uses it: from {@link #stop} on its claims are not sent, and from then on it
 * hears what is told to it only when {@link #hear} says so. Answers and messages come over different connections, so a
 * message from before may well be heard after the next answer.
 */
final class StoppableClient implements LockStore {

    private final LockStore store;
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final Queue<Waker> wakers = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> unheard = new ConcurrentLinkedQueue<>();
    private volatile CountDownLatch running = new CountDownLatch(0);
    private volatile boolean deaf;

    StoppableClient(LockStore store) {
        this.store = store;
    }

    /** Holds claims up, and lets whoever waits ask, so that one is held up soon. */
    void stop() {
        deaf = true;
        running = new CountDownLatch(1);
        wakeAll();
    }

    void wakeAll() {
        wakers.forEach(Waker::wake);
    }

    /** Lets it go on. What was held up fails, so that it asks anew. */
    void goOn() {
        running.countDown();
    }

    /** Lets it hear what was told meanwhile. */
    void hear() {
        deaf = false;
        for (Runnable told = unheard.poll(); told != null; told = unheard.poll()) {
            told.run();
        }
    }

    int watches() {
        return wakers.size();
    }

    int heldUp() {
        return held.get();
    }

    int answered() {
        return answered.get();
    }

    int unheard() {
        return unheard.size();
    }

    @Override
    public Attempt tryAcquire(Claim claim) {
        return sent(() -> store.tryAcquire(claim));
    }

    @Override
    public JointAttempt tryAcquireAll(List<Claim> claims) {
        return sent(() -> store.tryAcquireAll(claims));
    }

    private <T> T sent(Supplier<T> request) {
        CountDownLatch gate = running;
        if (gate.getCount() > 0) {
            held.incrementAndGet();
            Together.awaitQuietly(gate);
            held.decrementAndGet();
            throw LockBackendException.passing("The connection ended while the process stood still", null);
        }
        T answer = request.get();
        answered.incrementAndGet();
        return answer;
    }

    @Override
    public Watch watch(Claim claim, Waker waker) {
        Watch watch = store.watch(claim, new Waker() {
            @Override
            public void wake() {
                waker.wake(); // it stands still all the same: what it asks then is held up
            }

            @Override
            public void granted(Grant grant, Duration lease) {
                if (deaf) {
                    unheard.add(() -> waker.granted(grant, lease));
                } else {
                    waker.granted(grant, lease);
                }
            }
        });
        wakers.add(waker);
        return watch;
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
    public List<Renewal> renew(List<Grant> grants, Duration lease) {
        return store.renew(grants, lease);
    }

    @Override
    public boolean release(Grant grant) {
        return store.release(grant);
    }

    @Override
    public List<Boolean> releaseAll(List<Grant> grants) {
        return store.releaseAll(grants);
    }

    @Override
    public void withdraw(Claim claim) {
        store.withdraw(claim);
    }

    @Override
    public Optional<StoredLock> find(LockKey key) {
        return store.find(key);
    }

    @Override
    public List<StoredLock> list(int limit) {
        return store.list(limit);
    }

    @Override
    public boolean forceRelease(LockKey key) {
        return store.forceRelease(key);
    }

    @Override
    public void onLost(LossListener listener) {
        store.onLost(listener);
    }

    @Override
    public void close() {
        goOn();
        store.close();
    }
}
