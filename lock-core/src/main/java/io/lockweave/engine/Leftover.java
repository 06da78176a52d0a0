package io.lockweave.engine;

import org.jspecify.annotations.Nullable;

/**
 * Something whose thread may fail half-way for want of stack or memory, and that an engine's thread then finishes.
 * Where it fails, no stack may be left for a single call. So whoever hands it over writes these fields by itself, in
 * a {@code finally}, under the monitor of the list, which needs no stack either:
 *
 * <pre>{@code
 * synchronized (leftovers) {
 *     if (!isLeft) {
 *         isLeft = true;
 *         next = leftovers.first;
 *         leftovers.first = this;
 *     }
 * }
 * }</pre>
 */
abstract class Leftover {

    /** Whether it is in the list; guarded by the list's monitor, as is the next one. */
    boolean isLeft;

    @Nullable
    Leftover next;

    /** Hands it over where there is stack for a call. */
    final void leaveTo(Leftovers leftovers) {
        synchronized (leftovers) {
            if (!isLeft) {
                isLeft = true;
                next = leftovers.first;
                leftovers.first = this;
            }
        }
    }

    /** Finishes it, on an engine's thread; short, and without foreign code. It may be repeated if it fails. */
    abstract void finish();
}
