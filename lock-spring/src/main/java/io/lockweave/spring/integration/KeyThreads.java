package io.lockweave.spring.integration;

import io.lockweave.LockBackendException;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.spi.BackgroundThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads that work for keys, each key always with the same one. */
final class KeyThreads implements AutoCloseable {

    private static final int COUNT = 8;

    private final Duration timeout;
    private final List<ExecutorService> threads = new ArrayList<>();

    KeyThreads(Duration timeout) {
        this.timeout = timeout;
        for (int i = 0; i < COUNT; i++) {
            String name = "lockweave-integration-" + i;
            threads.add(Executors.newSingleThreadExecutor(task -> BackgroundThreads.daemon(name, task)));
        }
    }

    /**
     * Does it on the thread of this key. An interrupt of the caller does not end it.
     *
     * @throws LockBackendException if it fails or takes longer than the time-out, after which it may still be done
     */
    <T> T call(String doing, LockKey key, Callable<T> work) {
        Future<T> result;
        try {
            result = threads.get(Math.floorMod(key.hashCode(), COUNT)).submit(work);
        } catch (RejectedExecutionException e) {
            throw LockBackendException.lasting(doing + " failed: this backend is closed", e);
        }
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            throw LockBackendException.passing(
                    doing + " failed: the LockRegistry did not answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LockException own) {
                throw own;
            }
            throw LockBackendException.passing(doing + " failed in the LockRegistry: " + e.getCause(), e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Work that has begun comes to its end. */
    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdown);
    }
}
