package io.lockweave.invoke;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockOptions;
import io.lockweave.Locks;
import java.util.List;

/** What one call locks: nothing, one key, or several together. */
sealed interface KeysOfCall {

    /** No condition holds. */
    KeysOfCall NONE = new Several(List.of());

    /** The keys of that list. */
    static KeysOfCall of(List<LockKey> keys) {
        return keys.isEmpty() ? NONE : keys.size() == 1 ? new One(keys.get(0)) : new Several(keys);
    }

    List<LockKey> list();

    /** Takes what there is, which is not nothing; as {@link Locks#acquireAll} does. */
    HeldLock acquire(Locks locks, LockOptions options);

    /** The usual case, which needs no list. */
    record One(LockKey key) implements KeysOfCall {

        @Override
        public List<LockKey> list() {
            return List.of(key);
        }

        @Override
        public HeldLock acquire(Locks locks, LockOptions options) {
            return locks.acquire(key, options);
        }
    }

    /** Any other number. */
    record Several(List<LockKey> list) implements KeysOfCall {

        @Override
        public HeldLock acquire(Locks locks, LockOptions options) {
            return locks.acquireAll(list, options);
        }
    }
}
