package io.lockweave.jdbc;

/**
 * A write came with an old fence: its lock was lost, and a later holder has been at the data. Nothing was written; let
 * the transaction roll back.
 */
public final class StaleFenceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long fence;
    private final long newest;

    StaleFenceException(String what, long fence, long newest) {
        super("The write of " + what + " comes with fence " + fence + ", and a holder with fence " + newest
                + " has been there: this lock was lost. Roll back, and do the work again under a new lock.");
        this.fence = fence;
        this.newest = newest;
    }

    /** The fence the write came with. */
    public long fence() {
        return fence;
    }

    /** The newest fence that has been at the data. */
    public long newest() {
        return newest;
    }
}
