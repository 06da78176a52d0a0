package io.lockweave.redis;

import java.time.Duration;
import java.util.List;

/**
 * What the protocol needs of a Redis client, which is little, so that it can be carried by any. Safe for use from any
 * thread. Every call ends in bounded time, also if the server does not answer, and fails with whatever the client
 * throws: the server's own error text must be the message of that exception or of one of its causes.
 *
 * <p>Keys, arguments and answers are ASCII text. What an implementation did not open itself it does not close.
 */
public interface RedisTransport extends AutoCloseable {

    /** The client's name, for messages. */
    String client();

    /** Whether it talks to a Redis Cluster. The keys of one call then share a hash slot. */
    boolean cluster();

    /**
     * After how long a caller has given up on an answer, about; 2 seconds if nothing else is said. What reaches a
     * server later than this after it was sent takes no lock.
     */
    default Duration timeout() {
        return Duration.ofSeconds(2);
    }

    /**
     * Runs a script by its digest, in one awaited command, and by its source if the server does not know it yet.
     *
     * @return the script's answer, an array of texts
     */
    List<String> run(RedisScript script, List<String> keys, List<String> arguments);

    /**
     * As {@link #run}, and then waits for replicas on the same connection ({@code WAIT}).
     *
     * @param replicas how many replicas should have what the script wrote
     * @param longest how long to wait for them; at least 1 ms
     */
    Confirmed runConfirmed(
            RedisScript script, List<String> keys, List<String> arguments, int replicas, Duration longest);

    /**
     * A script's answer and how many replicas have what it wrote.
     *
     * @param answer the script's answer
     * @param replicas the answer of {@code WAIT}
     */
    record Confirmed(List<String> answer, int replicas) {}

    /**
     * Grows whenever a request may have been sent more than once, because its connection ended before the answer. A
     * release that finds nothing to release after that may have been the first one's repetition.
     */
    default long repeats() {
        return 0;
    }

    /**
     * Listens to one channel until closed, reconnecting as often as needed. Returns when listening, or after a bounded
     * time if that takes longer.
     */
    Subscription subscribe(String channel, Listener listener);

    /** Hears a channel; its methods are called from any thread and do not block. */
    interface Listener {

        /** Listening has begun, for the first time or again after an interruption. */
        void listening();

        /** A message came. */
        void message(String message);
    }

    /** A running subscription. */
    @FunctionalInterface
    interface Subscription extends AutoCloseable {

        /**
         * Whether it detects by itself, within seconds, that its connection is dead. If not, another is begun in its
         * place.
         */
        default boolean findsOutByItself() {
            return false;
        }

        @Override
        void close();
    }

    /**
     * Keys that match a glob pattern, on all masters, found by {@code SCAN}; at most so many, and looking at a bounded
     * number of the keys there are.
     */
    List<String> scan(String pattern, int limit);

    /** Closes what it opened. */
    @Override
    void close();
}
