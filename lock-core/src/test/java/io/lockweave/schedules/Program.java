package io.lockweave.schedules;

import java.util.List;

/** What is run under many schedules: made anew for each of them. */
public interface Program {

    /** What runs at once. */
    List<Runnable> threads();

    /** Checks what must hold after all of that has ended. */
    void check();
}
