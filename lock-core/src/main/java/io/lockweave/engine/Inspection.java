package io.lockweave.engine;

import io.lockweave.LockInfo;
import io.lockweave.LockKey;
import io.lockweave.LockWaiter;
import io.lockweave.spi.StoredLock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what this JVM and the store know of who holds and who waits. They are read one after the other, and are
 * read again if what they say does not fit together.
 */
final class Inspection {

    private static final int MOST_FROM_STORE = 1_000;

    /** So often a lock that changes hands is looked at, before it is told as one in transit. */
    private static final int LOOKS = 3;

    private final EngineParts parts;

    Inspection(EngineParts parts) {
        this.parts = parts;
    }

    LockInfo of(LockKey key) {
        LockKey full = parts.namespace().full(key);
        return look(full, stored(full));
    }

    List<LockInfo> all() {
        Map<String, LockInfo> found = new LinkedHashMap<>();
        StoreParts store = parts.storeParts();
        Map<String, StoredLock> stored = new LinkedHashMap<>();
        if (store != null) {
            store.store().list(MOST_FROM_STORE).forEach(lock -> stored.put(lock.key(), lock));
        }
        for (Gate gate : parts.gates().all()) {
            LockKey key = parts.namespace().full(gate.key);
            LockInfo info = look(key, stored.remove(key.toString()));
            if (!info.holders().isEmpty() || !info.waiters().isEmpty() || info.inTransit()) {
                found.put(info.key(), info);
            }
        }
        stored.forEach((name, lock) -> found.put(name, info(name, null, new Holders(parts, null, lock), lock)));
        return List.copyOf(found.values());
    }

    private LockInfo look(LockKey key, @Nullable StoredLock first) {
        StoredLock stored = first;
        for (int left = LOOKS - 1; ; left--) {
            Gate gate = parts.gates().find(parts.namespace().local(key));
            Holders holders = new Holders(parts, gate, stored);
            if (holders.fit() || left == 0) {
                return info(key.toString(), gate, holders, stored);
            }
            stored = stored(key);
        }
    }

    private @Nullable StoredLock stored(LockKey key) {
        StoreParts store = parts.storeParts();
        return store == null ? null : store.store().find(key).orElse(null);
    }

    private LockInfo info(String name, @Nullable Gate gate, Holders holders, @Nullable StoredLock stored) {
        return new LockInfo(
                name,
                parts.backend().name(),
                holders.all(),
                gate == null ? List.of() : waiters(gate),
                stored == null ? 0 : stored.waiters(),
                !holders.fit());
    }

    private List<LockWaiter> waiters(Gate gate) {
        long now = parts.now();
        List<LockWaiter> waiters = new ArrayList<>();
        parts.contenders().all().stream()
                .filter(one -> one.key().equals(gate.key))
                .forEach(one -> waiters.add(one.describe(now)));
        StoreSide side = gate.knownStoreSide();
        if (side != null) {
            side.line.waiters().forEach(waiter -> waiters.add(waiter.describe(now)));
        }
        gate.waiters().forEach(waiter -> waiters.add(waiter.describe(now)));
        return waiters;
    }
}
