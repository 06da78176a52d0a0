package io.lockweave.engine;

/** How far a request has come at a gate. */
enum Step {
    /** Not through yet: look again when woken, or when it is time. */
    WAIT,
    /** Through this part. */
    THROUGH,
    /** The wait budget is used up. */
    BUSY
}
