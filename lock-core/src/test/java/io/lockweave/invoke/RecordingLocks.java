package io.lockweave.invoke;

import io.lockweave.HeldLock;
import io.lockweave.LockBackendException;
import io.lockweave.LockInfo;
import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockOptions;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Locks that write down what they are asked and answer as told. */
public final class RecordingLocks implements Locks {

    private final String backend;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<Hold> holds = new CopyOnWriteArrayList<>();
    private volatile LockOptions options = LockOptions.defaults();
    private volatile RuntimeException refusal;
    private volatile CompletableFuture<HeldLock> pending;
    private volatile boolean releaseFails;

    public RecordingLocks() {
        this("recording");
    }

    public RecordingLocks(String backend) {
        this.backend = backend;
    }

    /** Everything that happened, in order. */
    public List<String> log() {
        return log;
    }

    public void note(String what) {
        log.add(what);
    }

    /** The options of the last acquisition. */
    public LockOptions options() {
        return options;
    }

    /** The hold given last. */
    public Hold last() {
        return holds.get(holds.size() - 1);
    }

    public void busy() {
        refusal = LockUnavailableException.busy(LockKey.of("busy"), Duration.ofSeconds(1), null);
    }

    public void refuseWith(RuntimeException failure) {
        refusal = failure;
    }

    public void failReleases() {
        releaseFails = true;
    }

    /** From now on asynchronous acquisitions wait until the returned future is completed. */
    public CompletableFuture<HeldLock> makePending() {
        pending = new CompletableFuture<>();
        return pending;
    }

    /** As {@link #makePending}, but cancelling comes too late. */
    public CompletableFuture<HeldLock> makeDeafPending() {
        pending = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false;
            }
        };
        return pending;
    }

    public Hold newHold(LockKey key) {
        Hold hold = new Hold(key);
        holds.add(hold);
        return hold;
    }

    @Override
    public String backend() {
        return backend;
    }

    @Override
    public void check(LockOptions asked) {
        log.add("check");
    }

    @Override
    public HeldLock acquire(LockKey key, LockOptions asked) {
        return take(List.of(key), asked, "acquire ");
    }

    @Override
    public HeldLock acquireAll(Collection<LockKey> keys, LockOptions asked) {
        return take(new ArrayList<>(new TreeSet<>(keys)), asked, "acquireAll ");
    }

    @Override
    public CompletableFuture<HeldLock> acquireAllAsync(Collection<LockKey> keys, LockOptions asked) {
        if (pending != null) {
            log.add("waiting");
            options = asked;
            return pending;
        }
        try {
            return CompletableFuture.completedFuture(take(new ArrayList<>(new TreeSet<>(keys)), asked, "async "));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private HeldLock take(List<LockKey> keys, LockOptions asked, String how) {
        options = asked;
        if (refusal != null) {
            log.add("refused");
            throw refusal;
        }
        log.add(how + keys.stream().map(LockKey::toString).collect(Collectors.joining(" ")));
        return newHold(keys.get(0));
    }

    @Override
    public Optional<HeldLock> tryAcquire(LockKey key, LockOptions asked) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T call(LockKey key, LockOptions asked, Callable<T> task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void run(LockKey key, LockOptions asked, Runnable task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> CompletableFuture<T> submit(Collection<LockKey> keys, LockOptions asked, Callable<T> task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Lock asLock(LockKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ReadWriteLock asReadWriteLock(LockKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public LockInfo inspect(LockKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<LockInfo> inspect() {
        return List.of();
    }

    @Override
    public boolean forceRelease(LockKey key) {
        return false;
    }

    @Override
    public CompletableFuture<Boolean> drain(Duration acceptTime, Duration holdTime) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        log.add("locks closed");
    }

    /** A hold that can be lost on command. */
    public final class Hold implements HeldLock {

        private final LockKey key;
        private final List<Consumer<LockLostException>> listeners = new CopyOnWriteArrayList<>();
        private volatile LockLostException lost;
        private volatile boolean closed;

        private Hold(LockKey key) {
            this.key = key;
        }

        public LockLostException lose() {
            LockLostException failure = new LockLostException(key, 1, "the test said so");
            lost = failure;
            listeners.forEach(listener -> listener.accept(failure));
            return failure;
        }

        @Override
        public LockKey key() {
            return key;
        }

        @Override
        public List<HeldLock> parts() {
            return List.of(this);
        }

        @Override
        public long fence() {
            return 1;
        }

        @Override
        public Duration remaining() {
            return Duration.ZERO;
        }

        @Override
        public boolean isHeld() {
            return !closed && lost == null;
        }

        @Override
        public boolean isLost() {
            return lost != null;
        }

        @Override
        public void onLost(Consumer<LockLostException> action) {
            listeners.add(action);
        }

        @Override
        public void ensureHeld() {
            if (lost != null) {
                throw lost;
            }
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            log.add("release");
            if (releaseFails) {
                throw LockBackendException.passing("the store is away", null);
            }
        }
    }
}
