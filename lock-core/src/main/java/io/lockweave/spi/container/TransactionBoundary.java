package io.lockweave.spi.container;

import java.util.Optional;

/** Lets a lock end with the transaction of the calling thread: what a transaction manager's adapter implements. */
@FunctionalInterface
public interface TransactionBoundary {

    /** The transaction that is active for the calling thread, if any. */
    Optional<ActiveTransaction> current();

    /**
     * From now on until the returned action is run, every transaction that begins on the calling thread runs the check
     * before its commit; what it throws makes that transaction roll back. Nested calls end in reverse order, on the
     * same thread.
     */
    default Runnable checkCommits(Runnable check) {
        return () -> {};
    }

    /** One running transaction. Its methods are called on the thread it is active for. */
    interface ActiveTransaction {

        /** Runs this before the commit, not before a rollback. What it throws makes the transaction roll back. */
        void beforeCommit(Runnable check);

        /**
         * Runs this exactly once, after the transaction has committed or rolled back, also if its outcome is unknown.
         */
        void afterCompletion(Runnable action);
    }
}
