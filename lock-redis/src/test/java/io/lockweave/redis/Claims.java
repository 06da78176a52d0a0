package io.lockweave.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.Waker;
import io.lockweave.spi.Watch;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Claims as the engine makes them, and waiters as it is one. */
final class Claims {

    static final Duration LEASE = Duration.ofSeconds(30);

    private Claims() {}

    static LockKey key() {
        return LockKey.of("test", UUID.randomUUID()).in("lockweave");
    }

    static Claim exclusive(LockKey key) {
        return claim(key, LockMode.EXCLUSIVE, 1, false, LEASE, 100, false);
    }

    static Claim exclusive(LockKey key, Duration lease) {
        return claim(key, LockMode.EXCLUSIVE, 1, false, lease, 1, false);
    }

    static Claim claim(
            LockKey key, LockMode mode, int permits, boolean fair, Duration lease, int fences, boolean willWait) {
        String owner = UUID.randomUUID().toString().replace("-", "");
        return new Claim(key, mode, permits, fair, owner, lease, fences, willWait, new LockPlace("host", 1, "thread"));
    }

    static Grant granted(LockStore store, Claim claim) {
        Attempt attempt = store.tryAcquire(claim);
        assertThat(attempt).isInstanceOf(Attempt.Granted.class);
        return ((Attempt.Granted) attempt).grant();
    }

    static Attempt.Busy busy(LockStore store, Claim claim) {
        Attempt attempt = store.tryAcquire(claim);
        assertThat(attempt).isInstanceOf(Attempt.Busy.class);
        return (Attempt.Busy) attempt;
    }

    /** A claim that was busy and is queued, listening, and tried again. */
    static final class Waiter implements Waker, AutoCloseable {

        private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        final LockStore store;
        final Claim claim;
        private final Watch watch;

        Waiter(LockStore store, Claim claim) {
            this.store = store;
            this.claim = claim;
            busy(store, claim);
            this.watch = store.watch(claim, this);
            if (!watch.missedNothing()) {
                busy(store, claim);
            }
            heard.clear(); // hints at the begin of a subscription mean nothing more
        }

        static Waiter exclusive(LockStore store, LockKey key) {
            return of(store, key, LockMode.EXCLUSIVE, 1, false);
        }

        static Waiter of(LockStore store, LockKey key, LockMode mode, int permits, boolean fair) {
            return new Waiter(store, claim(key, mode, permits, fair, LEASE, 100, true));
        }

        @Override
        public void wake() {
            heard.add("woken");
        }

        @Override
        public void granted(Grant grant, Duration lease) {
            assertThat(lease).isPositive();
            heard.add(grant);
        }

        /** Waits for a grant. */
        Grant awaitGrant() {
            Object next = next(Duration.ofSeconds(5));
            while ("woken".equals(next)) {
                next = next(Duration.ofSeconds(5));
            }
            return (Grant) next;
        }

        /** What is heard within this time, or null. */
        Object next(Duration longest) {
            try {
                return heard.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            watch.close();
        }
    }
}
