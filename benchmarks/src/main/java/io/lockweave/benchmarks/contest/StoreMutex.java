package io.lockweave.benchmarks.contest;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.LockStore;
import java.time.Duration;
import java.util.UUID;

/** Our store without the engine in front of it. For keys that are free; it does not wait. */
final class StoreMutex implements Mutex {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final int FENCES = 100;
    private static final LockPlace PLACE = new LockPlace("host", 1, "thread");

    private final LockStore store;

    StoreMutex(LockStore store) {
        this.store = store;
    }

    @Override
    public void run(String key, Runnable body) {
        String owner = UUID.randomUUID().toString().replace("-", "");
        LockKey full = LockKey.of("store", key).in("lockweave");
        Claim claim = new Claim(full, LockMode.EXCLUSIVE, 1, false, owner, LEASE, FENCES, true, PLACE);
        if (!(store.tryAcquire(claim) instanceof Attempt.Granted granted)) {
            throw new IllegalStateException("the key is not free");
        }
        try {
            body.run();
        } finally {
            store.release(granted.grant());
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
