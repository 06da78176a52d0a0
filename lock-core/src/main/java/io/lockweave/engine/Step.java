package io.lockweave.engine;

/** How far a request has come on one part of its way. */
enum Step {
    /** Not through yet: look again when woken, or when it is time. */
    WAIT,
    /** Through this part. */
    THROUGH,
    /** The wait budget is used up, or the store failed. */
    BUSY,
    /** It cannot go on without asking the store, on a thread that must not wait for the answer. */
    NEEDS_STORE
}
