package io.lockweave.examples.springboot;

/**
 * What a race is to be.
 *
 * @param strategy the id of a strategy
 * @param threads how many threads call at once
 * @param calls how many calls they make in all
 * @param workMicros how long each call works between reading and writing
 */
record RaceOrder(String strategy, int threads, int calls, int workMicros) {

    /** Fails with what is wrong, for the page. */
    void check() {
        require("threads", threads, 1, 64);
        require("calls", calls, 1, 100_000);
        require("workMicros", workMicros, 0, 100_000);
    }

    private static void require(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    what + " is " + value + ": choose a number from " + least + " to " + most);
        }
    }
}
