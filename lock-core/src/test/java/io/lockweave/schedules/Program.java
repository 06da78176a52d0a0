package io.lockweave.schedules;

import java.util.List;

/**
 * What is run under many schedules: made anew for each of them, and made and checked on a thread that takes turns too.
 */
public interface Program {

    /** What runs at once. */
    List<Runnable> threads();

    /** Checks what must hold after all of that has ended. */
    void check();
}
