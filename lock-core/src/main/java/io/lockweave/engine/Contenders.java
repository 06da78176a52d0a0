package io.lockweave.engine;

import io.lockweave.LockHolder;
import io.lockweave.LockKey;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Those of this JVM who wait for the store. */
final class Contenders {

    private final Set<Contender> waiting = ConcurrentHashMap.newKeySet();

    void add(Contender one) {
        waiting.add(one);
    }

    void remove(Contender one) {
        waiting.remove(one);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    Collection<Contender> all() {
        return waiting;
    }

    /** Who holds a key, as the store said to those who contend for it. */
    @Nullable
    LockHolder holderSeenFor(LockKey key) {
        for (Contender one : waiting) {
            LockHolder holder = one.key().equals(key) ? one.holder() : null;
            if (holder != null) {
                return holder;
            }
        }
        return null;
    }

    void wakeAll() {
        waiting.forEach(Contender::wake);
    }
}
