package io.lockweave.benchmarks.contest;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.Locks;
import io.lockweave.spi.LockBackend;
import java.util.List;
import java.util.stream.IntStream;

/** Ours, with ten keys taken and given back together in the place of one. */
final class KeysTogether implements Mutex {

    private static final int KEYS = 10;

    private final Locks locks;

    KeysTogether(LockBackend backend) {
        this.locks = Locks.builder(backend).build();
    }

    @Override
    public void run(String key, Runnable body) {
        List<LockKey> keys = IntStream.range(0, KEYS)
                .mapToObj(i -> LockKey.of("user", key + "-" + i))
                .toList();
        try (HeldLock held = locks.acquireAll(keys)) {
            body.run();
        }
    }

    @Override
    public void close() {
        locks.close();
    }
}
