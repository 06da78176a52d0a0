package io.lockweave;

/**
 * The store no longer guarantees the hold: its lease ended before it was renewed, or its entry was removed. Somebody
 * else may have entered in the meantime, so what was done under the lock has to be checked or rolled back.
 */
public final class LockLostException extends LockException {

    private static final long serialVersionUID = 1L;

    private final transient LockKey key;
    private final long fence;

    /** Says which hold was lost, and why as a half sentence. */
    public LockLostException(LockKey key, long fence, String why) {
        super(
                "Lock " + key + " (fence " + fence + ") was lost while held: " + why
                        + ". Another holder may have entered; check or roll back what was done under it.",
                null);
        this.key = key;
        this.fence = fence;
    }

    /** The key that was lost. */
    public LockKey key() {
        return key;
    }

    /** The fence of the lost hold: storage that saw a larger one refuses this one. */
    public long fence() {
        return fence;
    }
}
