package io.lockweave.examples.springboot;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a race is to be.
 *
 * @param strategy the id of a strategy
 * @param threads how many threads call at once
 * @param calls how many calls they make in all
 * @param workMicros how long each call works between reading and writing
 */
record RaceOrder(String strategy, int threads, int calls, int workMicros) {

    /** A body to copy. */
    static final String EXAMPLE = "{\"strategy\":\"none\",\"threads\":4,\"calls\":1200,\"workMicros\":10000}";

    /** Takes the values as they were sent, so that each one that is wrong is answered with its name. */
    static RaceOrder of(Map<String, @Nullable Object> sent) {
        return new RaceOrder(
                text(sent.get("strategy")),
                number("threads", sent.get("threads"), 1, 64),
                number("calls", sent.get("calls"), 1, 100_000),
                number("workMicros", sent.get("workMicros"), 0, 100_000));
    }

    private static int number(String name, @Nullable Object sent, int least, int most) {
        String text = text(sent);
        if (text.matches("-?[0-9]{1,9}")) {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        }
        throw new WrongValueException(name, text, "a whole number from " + least + " to " + most);
    }

    private static String text(@Nullable Object sent) {
        return sent == null ? "" : sent.toString().strip();
    }
}
