package io.lockweave;

/** Whether whoever gives a lock of a store back waits for the answer. Other locks are given back at once. */
public enum LockRelease {
    /** As configured for these locks; {@link #AWAITED} if nothing is. */
    CONFIGURED,

    /** The caller waits until the store has answered, and hears if the lock had been lost or was not given back. */
    AWAITED,

    /**
     * The caller goes on at once: a locked call waits for the store once instead of twice. The lock comes free
     * elsewhere a moment later; a claim of this JVM waits for it, also one with a wait time of zero. Failures appear in
     * events and in the log only: {@link LockEvent.Type#RELEASE_FAILED}, and {@link LockEvent.Type#LOST} if the store
     * had lost the lock within its lease. A release that fails is repeated until the lease is over. Where a
     * transaction ended under the lock, and where {@link LockOptions#holdAtLeast} is used, the release is awaited.
     */
    SENT
}
