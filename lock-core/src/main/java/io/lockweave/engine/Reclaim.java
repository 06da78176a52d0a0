package io.lockweave.engine;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.spi.Claim;
import io.lockweave.spi.LockStore;
import io.lockweave.spi.TimeSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * How what the store has granted, and no hold gives back, is given back: soon, never on a caller's thread, and again
 * while the store fails in passing, until the lease would be over anyway.
 */
final class Reclaim {

    private static final System.Logger LOG = System.getLogger("io.lockweave");

    private static final long PAUSE_FIRST = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long PAUSE_MOST = TimeUnit.SECONDS.toNanos(2);

    private final LockStore store;
    private final TimeSource time;
    private final Timers timers;
    private final Workers workers;
    private final EngineState state;
    private final Namespace namespace;

    /** What failed and is going to be tried again. */
    private final Set<Return> failed = ConcurrentHashMap.newKeySet();

    Reclaim(LockStore store, TimeSource time, Timers timers, Workers workers, EngineState state, Namespace namespace) {
        this.store = store;
        this.time = time;
        this.timers = timers;
        this.workers = workers;
        this.state = state;
        this.namespace = namespace;
    }

    /** Takes back whatever the store has granted to or queued for a claim. */
    void withdraw(Claim claim) {
        long lease = Nanos.of(claim.lease());
        soon(claim.key(), time.nanoTime() + lease, () -> store.withdraw(claim));
    }

    /**
     * The same for a claim of which a request may still be under way, sent then: it may take the lock, or prolong it,
     * after it was withdrawn.
     */
    void withdrawAlsoLate(Claim claim, long sent) {
        withdraw(claim);
        long settling = Nanos.of(store.settlingTime());
        if (settling > 0) {
            timers.at(sent + settling, () -> withdraw(claim));
        }
    }

    /** Has this done soon, and again if it fails, until that time. */
    void soon(LockKey key, long until, Runnable attempt) {
        workers.giveBack(new Return(key, until, attempt));
    }

    /** Has this done again that failed, until that time. */
    void repeat(LockKey key, long until, Throwable failure, Runnable attempt) {
        new Return(key, until, attempt).again(failure);
    }

    /** One thing to give back. */
    private final class Return implements Runnable {

        private final LockKey key;
        private final long until;
        private final Runnable attempt;
        private long pause = PAUSE_FIRST;

        Return(LockKey key, long until, Runnable attempt) {
            this.key = key;
            this.until = until;
            this.attempt = attempt;
        }

        @Override
        public void run() {
            failed.remove(this);
            if (workers.haveGivenUpStore()) {
                return;
            }
            try {
                attempt.run();
            } catch (Throwable e) { // whatever it is: the lock must not stay locked for nobody
                again(e);
            }
        }

        void again(Throwable failure) {
            long now = time.nanoTime();
            long next = now + pause - ThreadLocalRandom.current().nextLong(pause / 4);
            boolean lasting = failure instanceof LockBackendException known && !known.retryable();
            if (lasting || state.isClosed() || next - until >= 0) {
                write(Level.WARNING, "it ends with its lease in ", until - now, failure);
                return;
            }
            Level level = pause == PAUSE_FIRST ? Level.WARNING : Level.DEBUG;
            pause = Math.min(PAUSE_MOST, pause * 2);
            failed.add(this);
            timers.at(next, () -> workers.giveBack(this));
            write(level, "it is tried again until its lease ends in ", until - now, failure);
        }

        /** Not on a thread that gives back: a log that hangs holds up no release. */
        private void write(Level level, String what, long left, Throwable failure) {
            workers.callBack(() -> LOG.log(
                    level,
                    "Giving lock " + namespace.full(key) + " back failed; " + what
                            + Duration.ofNanos(Math.max(0, left)).toMillis() + " ms",
                    failure));
        }
    }

    /** Whether nothing waits for another try. */
    boolean areDone() {
        return failed.isEmpty();
    }

    /** No time is left to wait between tries: each that failed is tried once more. */
    void close() {
        failed.forEach(workers::giveBack);
    }
}
