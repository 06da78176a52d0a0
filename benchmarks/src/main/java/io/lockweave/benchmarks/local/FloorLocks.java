package io.lockweave.benchmarks.local;

import io.lockweave.LockKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** The floor of T1: what one writes by hand for a lock per key that leaves nothing behind. */
final class FloorLocks {

    /** A lock and how many threads use it or wait for it. */
    private static final class Entry {
        private final ReentrantLock lock = new ReentrantLock();
        private int users;
    }

    private final ConcurrentHashMap<LockKey, Entry> entries = new ConcurrentHashMap<>();

    ReentrantLock lock(LockKey key) {
        Entry entry = entries.compute(key, (same, found) -> {
            Entry used = found == null ? new Entry() : found;
            used.users++;
            return used;
        });
        entry.lock.lock();
        return entry.lock;
    }

    void unlock(LockKey key, ReentrantLock lock) {
        lock.unlock();
        entries.computeIfPresent(key, (same, entry) -> --entry.users == 0 ? null : entry);
    }
}
