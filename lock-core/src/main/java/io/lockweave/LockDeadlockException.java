package io.lockweave;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Waiting for this lock could never end: the message names the cycle of owners and keys. Nothing was taken. */
public final class LockDeadlockException extends LockException {

    private static final long serialVersionUID = 1L;

    private final transient LockKey key;
    private final List<String> cycle;

    /** The key that was asked for, and one line for each owner of the cycle: who holds what and waits for what. */
    public LockDeadlockException(LockKey key, List<String> cycle) {
        this(key, cycle, null);
    }

    /** The same, found by a store that said so. */
    public LockDeadlockException(LockKey key, List<String> cycle, @Nullable Throwable cause) {
        super(
                "Waiting for lock " + key + " would be a deadlock: " + String.join("; ", cycle)
                        + ". Take the locks in one order everywhere, or together with acquireAll.",
                cause);
        this.key = key;
        this.cycle = List.copyOf(cycle);
    }

    /** The key that was asked for. */
    public LockKey key() {
        return key;
    }

    /** One line for each owner of the cycle. */
    public List<String> cycle() {
        return cycle;
    }
}
