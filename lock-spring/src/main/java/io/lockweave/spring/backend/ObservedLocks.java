package io.lockweave.spring.backend;

import io.lockweave.HeldLock;
import io.lockweave.LockInfo;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockOutage;
import io.lockweave.LockUnavailableException;
import io.lockweave.Locks;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Locks whose acquisitions a listener goes along with; all else passes through, the views as {@link Lock} included.
 * Safe for use from any thread.
 */
final class ObservedLocks implements Locks {

    private static final Logger LOG = System.getLogger("io.lockweave.spring");

    private final Locks locks;
    private final AcquisitionListener listener;

    ObservedLocks(Locks locks, AcquisitionListener listener) {
        this.locks = locks;
        this.listener = listener;
    }

    @Override
    public HeldLock acquire(LockKey key, LockOptions options) {
        return listened(List.of(key), options, () -> locks.acquire(key, options));
    }

    @Override
    public HeldLock acquireAll(Collection<LockKey> keys, LockOptions options) {
        return listened(keys, options, () -> locks.acquireAll(keys, options));
    }

    private HeldLock listened(Collection<LockKey> keys, LockOptions options, Supplier<HeldLock> acquire) {
        Once asked = begins(keys, options);
        try {
            HeldLock held = acquire.get();
            asked.acquired(held);
            return held;
        } catch (Throwable e) {
            asked.failed(e);
            throw e;
        }
    }

    @Override
    public Optional<HeldLock> tryAcquire(LockKey key, LockOptions options) {
        Once asked;
        try {
            asked = begins(List.of(key), options);
        } catch (LockUnavailableException e) {
            if (e.busy()) {
                return Optional.empty();
            }
            throw e;
        }
        try {
            Optional<HeldLock> held = locks.tryAcquire(key, options);
            held.ifPresentOrElse(asked::acquired, () -> asked.failed(null));
            return held;
        } catch (Throwable e) {
            asked.failed(e);
            throw e;
        }
    }

    @Override
    public CompletableFuture<HeldLock> acquireAllAsync(Collection<LockKey> keys, LockOptions options) {
        Once asked;
        try {
            asked = begins(keys, options);
        } catch (LockUnavailableException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<HeldLock> acquisition;
        try {
            acquisition = locks.acquireAllAsync(keys, options);
        } catch (Throwable e) {
            asked.failed(e);
            throw e;
        }
        // A future of its own: the listener is told before whoever follows it.
        CompletableFuture<HeldLock> result = new CompletableFuture<>();
        acquisition.whenComplete((held, failure) -> {
            if (failure != null) {
                asked.failed(failure);
                result.completeExceptionally(failure);
            } else {
                asked.acquired(held);
                if (!result.complete(held)) {
                    held.close(); // cancelled in the meantime
                }
            }
        });
        result.whenComplete((held, failure) -> {
            if (result.isCancelled()) {
                acquisition.cancel(false);
            }
        });
        return result;
    }

    @Override
    public <T> T call(LockKey key, LockOptions options, Callable<T> task) throws Exception {
        Once asked = begins(List.of(key), options);
        try {
            return locks.call(key, options, () -> {
                asked.acquired(HeldLock.current().orElseThrow());
                return task.call();
            });
        } catch (Throwable e) {
            asked.failed(e);
            throw e;
        }
    }

    @Override
    public void run(LockKey key, LockOptions options, Runnable task) {
        Once asked = begins(List.of(key), options);
        try {
            locks.run(key, options, () -> {
                asked.acquired(HeldLock.current().orElseThrow());
                task.run();
            });
        } catch (Throwable e) {
            asked.failed(e);
            throw e;
        }
    }

    @Override
    public <T> CompletableFuture<T> submit(Collection<LockKey> keys, LockOptions options, Callable<T> task) {
        Once asked;
        try {
            asked = begins(keys, options);
        } catch (LockUnavailableException e) {
            return CompletableFuture.failedFuture(e);
        }
        try {
            CompletableFuture<T> result = locks.submit(keys, options, () -> {
                asked.acquired(HeldLock.current().orElseThrow());
                return task.call();
            });
            result.whenComplete((value, failure) -> asked.failed(failure));
            return result;
        } catch (Throwable e) {
            asked.failed(e);
            throw e;
        }
    }

    private Once begins(Collection<LockKey> keys, LockOptions options) {
        return new Once(listener.begins(locks, keys, options));
    }

    /**
     * What comes after the first word, such as a failure of the work under the lock, is none of the listener's
     * business.
     */
    private static final class Once {

        private final AcquisitionListener.Asked asked;
        private final AtomicBoolean told = new AtomicBoolean();

        Once(AcquisitionListener.Asked asked) {
            this.asked = asked;
        }

        void acquired(HeldLock held) {
            if (told.compareAndSet(false, true)) {
                tell(() -> asked.acquired(held));
            }
        }

        void failed(@Nullable Throwable why) {
            if (told.compareAndSet(false, true)) {
                tell(() -> asked.failed(why));
            }
        }

        private static void tell(Runnable word) {
            try {
                word.run();
            } catch (Throwable e) { // not even an Error may get between a lock and its holder
                LOG.log(Level.WARNING, "A listener to acquisitions failed; the lock is not affected", e);
            }
        }
    }

    @Override
    public String backend() {
        return locks.backend();
    }

    @Override
    public void check(LockOptions options) {
        locks.check(options);
    }

    @Override
    public Lock asLock(LockKey key) {
        return locks.asLock(key);
    }

    @Override
    public ReadWriteLock asReadWriteLock(LockKey key) {
        return locks.asReadWriteLock(key);
    }

    @Override
    public Optional<LockOutage> outage() {
        return locks.outage();
    }

    @Override
    public LockInfo inspect(LockKey key) {
        return locks.inspect(key);
    }

    @Override
    public List<LockInfo> inspect() {
        return locks.inspect();
    }

    @Override
    public boolean forceRelease(LockKey key) {
        return locks.forceRelease(key);
    }

    @Override
    public CompletableFuture<Boolean> drain(Duration acceptTime, Duration holdTime) {
        return locks.drain(acceptTime, holdTime);
    }

    @Override
    public void close() {
        locks.close();
    }
}
