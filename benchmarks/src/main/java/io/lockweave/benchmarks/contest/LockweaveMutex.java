package io.lockweave.benchmarks.contest;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.LockRelease;
import io.lockweave.Locks;
import io.lockweave.spi.LockBackend;

/** Ours. */
final class LockweaveMutex implements Mutex {

    private static final LockOptions PATIENT = LockOptions.defaults().waitTime(LockOptions.FOREVER);

    private final Locks locks;
    private final LockOptions options;

    LockweaveMutex(LockBackend backend, boolean handOver, boolean fair) {
        this(backend, handOver, PATIENT.fair(fair));
    }

    private LockweaveMutex(LockBackend backend, boolean handOver, LockOptions options) {
        this.locks = Locks.builder(backend).handOver(handOver).build();
        this.options = options;
    }

    /** Its releases are not awaited. */
    static LockweaveMutex sending(LockBackend backend) {
        return new LockweaveMutex(backend, true, PATIENT.release(LockRelease.SENT));
    }

    @Override
    public void run(String key, Runnable body) {
        try (HeldLock held = locks.acquire(LockKey.of("user", key), options)) {
            body.run();
        }
    }

    @Override
    public void close() {
        locks.close();
    }
}
