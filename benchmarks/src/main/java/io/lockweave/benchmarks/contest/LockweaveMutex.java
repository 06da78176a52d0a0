package io.lockweave.benchmarks.contest;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import io.lockweave.spi.LockBackend;

/** Ours. */
final class LockweaveMutex implements Mutex {

    private static final LockOptions PATIENT = LockOptions.defaults().waitTime(LockOptions.FOREVER);

    private final Locks locks;
    private final LockOptions options;

    LockweaveMutex(LockBackend backend, boolean handOver, boolean fair) {
        this.locks = Locks.builder(backend).handOver(handOver).build();
        this.options = PATIENT.fair(fair);
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
