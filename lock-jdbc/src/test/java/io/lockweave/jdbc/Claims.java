package io.lockweave.jdbc;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockPlace;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Claim;
import io.lockweave.spi.Grant;
import io.lockweave.spi.LockStore;
import java.time.Duration;
import java.util.UUID;

/** Claims for tests of stores. */
public final class Claims {

    private Claims() {}

    public static LockKey newKey() {
        return LockKey.of("test", UUID.randomUUID()).in("test");
    }

    public static Claim of(LockKey key) {
        return of(key, LockMode.EXCLUSIVE, Duration.ofMinutes(1));
    }

    public static Claim of(LockKey key, LockMode mode, Duration lease) {
        LockPlace place = new LockPlace("testhost", 1, "tester'); drop table lockweave_lock; --");
        return new Claim(key, mode, 1, false, UUID.randomUUID().toString().replace("-", ""), lease, 1, false, place);
    }

    /** As {@link #of(LockKey)}, of somebody who waits if it is busy. */
    public static Claim waiting(LockKey key) {
        Claim c = of(key);
        return new Claim(key, c.mode(), 1, false, c.owner(), c.lease(), 1, true, c.place());
    }

    public static Grant granted(LockStore store, Claim claim) {
        return ((Attempt.Granted) store.tryAcquire(claim)).grant();
    }

    public static boolean isBusy(LockStore store, LockKey key) {
        return store.tryAcquire(of(key)) instanceof Attempt.Busy;
    }
}
