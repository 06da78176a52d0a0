package io.lockweave.redis;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * What the servers' clocks show, as far as their answers told, so that a request can carry until when it may be done.
 * It is judged by the server's clock alone; this JVM's wall clock is never read. Each master of a Cluster has a clock
 * of its own, so there is one for each hash tag.
 *
 * <p>An answer shows a time that had passed when it was received. So the server's clock is at least that far ahead of
 * our monotonic clock, and a request whose time is counted from there is refused once its caller has given it up. Of
 * several answers the quickest is closest to the truth. One that cannot be reconciled with it shows that the server's
 * clock was set back, or that it is another server's.
 */
final class ServerClocks {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /** How far the server's clock is ahead of {@link System#nanoTime} at least. */
    private final ConcurrentMap<String, Long> ahead = new ConcurrentHashMap<>();

    private final boolean onePerTag;

    ServerClocks(boolean onePerTag) {
        this.onePerTag = onePerTag;
    }

    private String clock(RedisKeys keys) {
        return onePerTag ? keys.tag() : "";
    }

    boolean isKnown(RedisKeys keys) {
        return ahead.containsKey(clock(keys));
    }

    /** A server said what time it is, in milliseconds, in answer to a request. */
    void said(RedisKeys keys, long millis, long sent, long received) {
        String clock = clock(keys);
        long least = millis * MILLI - received;
        long most = (millis + 1) * MILLI - sent;
        Long known = ahead.get(clock);
        if (known == null || least - known > 0 || most - known < 0) {
            ahead.put(clock, least);
        }
    }

    /** The time of the server, in milliseconds, that has surely come when this much time has passed from then. */
    long after(RedisKeys keys, long sent, Duration time) {
        Long known = ahead.get(clock(keys));
        if (known == null) {
            throw new IllegalStateException("no server of " + keys + " has said what time it is");
        }
        return Math.floorDiv(known + sent + time.toNanos(), MILLI);
    }
}
