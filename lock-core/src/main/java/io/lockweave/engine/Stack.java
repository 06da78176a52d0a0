package io.lockweave.engine;

/** The calling thread's stack. */
final class Stack {

    /** Calls that a way through the engine nests at most, with a good deal to spare. */
    private static final int SOME = 32;

    /** For what also calls much of the JDK, such as sorted sets, locks that are contended, and linking. */
    private static final int PLENTY = 250;

    /** More than {@link #PLENTY}: for what leads to such places and must come to its end. */
    private static final int FOR_STORE = 600;

    private Stack() {}

    /**
     * Fails here, where nothing has been done yet, rather than half-way.
     *
     * @throws StackOverflowError if little is left
     */
    static void ensureSome() {
        descend(SOME);
    }

    /**
     * As {@link #ensureSome}, for what must not fail half-way, since others share it: it takes a fraction of a
     * microsecond.
     *
     * @throws StackOverflowError if little is left
     */
    static void ensurePlenty() {
        descend(PLENTY);
    }

    /**
     * As {@link #ensurePlenty}, with so much more that this still succeeds on the way: what a store has granted can
     * be taken back, although the store itself ran out of stack.
     *
     * @throws StackOverflowError if little is left
     */
    static void ensureForStore() {
        descend(FOR_STORE);
    }

    private static int descend(int calls) {
        return calls == 0 ? 0 : descend(calls - 1) + 1;
    }
}
