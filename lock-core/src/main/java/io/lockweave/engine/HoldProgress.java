package io.lockweave.engine;

/** How far a {@link Hold} has come, should its beginning or its end fail half-way. */
abstract class HoldProgress extends Leftover {

    /** Not inside the gate yet. */
    static final byte FRESH = 0;

    /** Inside. */
    static final byte INSIDE = 1;

    /** Counted by its owner. */
    static final byte COUNTED = 2;

    /** All that belongs to its beginning is done. */
    static final byte BEGUN = 3;

    /** Its owner does not count it any more. */
    static final byte UNCOUNTED = 4;

    /** It has left the gate. */
    static final byte OUT = 5;

    /** Those who may enter the gate after it know of it. */
    static final byte FOLLOWED_UP = 6;

    /** Each step is noted right after it, without a call in between that could fail. */
    byte stage;

    /** Its first handle is to be closed, which failed for want of stack. */
    boolean isToBeClosed;

    /** The store's grant has ended and is this hold's to give back. */
    boolean givesBack;

    /** What is left of its end is done by others. */
    volatile boolean isLeftToOthers;

    /** The log has told that it lasts long; the timer's thread alone looks at it. */
    boolean isToldLong;

    /** The gate counts it among those of whose end the store is being told. */
    boolean isSent;

    /** Whoever ends it waits for the store, whatever was asked for. */
    boolean isReleaseAwaited;

    /** Whether it has left the gate. */
    final boolean isOut() {
        return stage >= OUT;
    }

    /** Whether something is still to be done for its end. */
    final boolean isUnfinished() {
        return !isLeftToOthers && (stage < FOLLOWED_UP || givesBack);
    }
}
