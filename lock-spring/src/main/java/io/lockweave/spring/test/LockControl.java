package io.lockweave.spring.test;

import io.lockweave.LockKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes locks busy or lost in a test, a bean of every application context whose locks are local by {@link LocalLocks}
 * or {@code lockweave.test.local-only = true}. It works on {@code @Locked} methods and on the
 * {@link io.lockweave.Locks} bean; on their views as {@link java.util.concurrent.locks.Lock} it does not.
 *
 * <pre>{@code
 * control.busy("user", "ann");
 * mvc.perform(post("/users/ann/points")).andExpect(status().isLocked());
 *
 * control.lost("user");
 * assertThatThrownBy(() -> points.add("bob", 1)).isInstanceOf(LockLostException.class);
 * }</pre>
 *
 * <p>Spring's test framework calls {@link #reset} after each test method. Safe for use from any thread.
 */
public final class LockControl {

    private final Set<LockKey> busy = ConcurrentHashMap.newKeySet();
    private final Set<LockKey> lost = ConcurrentHashMap.newKeySet();

    /** With nothing busy and nothing lost. */
    public LockControl() {}

    /** From now on every lock of this name is busy: a claim fails at once, whatever its wait time. */
    public void busy(String name) {
        busy.add(LockKey.of(name));
    }

    /** From now on this lock is busy, as in {@link #busy(String)}. */
    public void busy(String name, Object value) {
        busy.add(LockKey.of(name, value));
    }

    /**
     * From now on every lock of this name is lost as soon as it is taken: the work under it begins, and notices
     * as it would with a store that forgot the lock. Commits are refused, and {@code onLost} does what it says.
     */
    public void lost(String name) {
        lost.add(LockKey.of(name));
    }

    /** From now on this lock is lost as soon as it is taken, as in {@link #lost(String)}. */
    public void lost(String name, Object value) {
        lost.add(LockKey.of(name, value));
    }

    /** Nothing is busy or lost any more. */
    public void reset() {
        busy.clear();
        lost.clear();
    }

    /** Whether this key is to be busy, whatever its namespace. */
    public boolean isBusy(LockKey key) {
        return isIn(busy, key);
    }

    /** Whether this key is to be lost, whatever its namespace. */
    public boolean isLost(LockKey key) {
        return isIn(lost, key);
    }

    private static boolean isIn(Set<LockKey> keys, LockKey key) {
        return !keys.isEmpty() && (keys.contains(key.in("")) || keys.contains(LockKey.of(key.name())));
    }
}
