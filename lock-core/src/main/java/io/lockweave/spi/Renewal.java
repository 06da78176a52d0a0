package io.lockweave.spi;

/** What became of one grant in a renewal. */
public enum Renewal {
    /** Still held; the lease was prolonged. */
    HELD,
    /** The store no longer has this owner as a holder. */
    LOST
}
