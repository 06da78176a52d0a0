package io.lockweave.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets something be said at most once a minute for each lock name, and counts what was left out. Names that come after
 * the first thousand share one count.
 */
final class SaidRarely {

    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST_NAMES = 1_000;

    /** When it was last said, and how often it was not said since. */
    private record Said(long at, int leftOut) {}

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, Said> names = new HashMap<>();

    /** How often it was left out since it was last said; negative if it is left out this time too. */
    int leftOut(String name, long now) {
        lock.lock();
        try {
            String counted = names.size() < MOST_NAMES || names.containsKey(name) ? name : "";
            Said last = names.get(counted);
            if (last != null && now - last.at() < PAUSE) {
                names.put(counted, new Said(last.at(), last.leftOut() + 1));
                return -1;
            }
            names.put(counted, new Said(now, 0));
            return last == null ? 0 : last.leftOut();
        } finally {
            lock.unlock();
        }
    }
}
