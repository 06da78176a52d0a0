package io.lockweave.redis;

import io.lockweave.LockBackendException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Calls that must not be done late. A request can reach its server long after its caller has given it up: its packets
 * were held up, and are sent again even after the connection was closed. So these carry the time of the server after
 * which the script does nothing.
 */
final class TimedCalls {

    /**
     * How often a call is made again with what its answer said about the time: the server's clock may have been set.
     */
    private static final int REPEATS = 2;

    private final ServerClocks clocks;
    private final Duration longest;
    private final Function<RedisKeys, List<String>> askTime;

    /**
     * @param transport the client, whose time-out counts
     * @param askTime runs {@link RedisScript#CLOCK} on the server of a key
     */
    TimedCalls(RedisTransport transport, Function<RedisKeys, List<String>> askTime) {
        this.clocks = new ServerClocks(transport.cluster());
        this.longest = transport.timeout();
        this.askTime = askTime;
    }

    /**
     * Makes a call.
     *
     * @param request sends it with the time after which it is not to be done, and returns the script's answer
     */
    List<String> call(String action, RedisKeys keys, Function<String, List<String>> request) {
        if (!clocks.isKnown(keys)) {
            long sent = System.nanoTime();
            long millis = Long.parseLong(askTime.apply(keys).get(0));
            clocks.said(keys, millis, sent, System.nanoTime());
        }
        for (int left = REPEATS; left >= 0; left--) {
            long sent = System.nanoTime();
            List<String> answer = request.apply(Long.toString(clocks.after(keys, sent, longest)));
            long received = System.nanoTime();
            long millis = Answers.time(answer);
            if (millis >= 0) {
                clocks.said(keys, millis, sent, received);
            }
            if (!Answers.isTooLate(answer)) {
                return answer;
            }
        }
        throw LockBackendException.passing(
                "Redis failed to " + action + ": the request reached the server later than " + longest.toMillis()
                        + " ms after it was sent, and was not done. To fix it: see why the network is so"
                        + " slow, or allow more"
                        + " time for an answer (lockweave.redis.timeout)",
                null);
    }
}
