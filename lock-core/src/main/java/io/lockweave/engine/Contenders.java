package io.lockweave.engine;

import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Those of this JVM who wait for the store. */
final class Contenders {

    private final Set<StoreEntry> waiting = ConcurrentHashMap.newKeySet();

    void add(StoreEntry entry) {
        waiting.add(entry);
    }

    void remove(StoreEntry entry) {
        waiting.remove(entry);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    Collection<StoreEntry> all() {
        return waiting;
    }

    /** Who holds a key, as the store said to those who contend for it. */
    @Nullable
    LockHolder holderSeenFor(LockKey key) {
        for (StoreEntry entry : waiting) {
            LockHolder holder = entry.request().key().equals(key) ? entry.holder() : null;
            if (holder != null) {
                return holder;
            }
        }
        return null;
    }

    void wakeAll() {
        waiting.forEach(entry -> entry.request().sleeper().wake());
    }
}
