package io.lockweave.benchmarks.contest;

import io.lockweave.testservers.redis.RedisWire;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a Redis server works on scripts, by its own count. */
final class ServerTime {

    private static final Pattern SCRIPTS = Pattern.compile("cmdstat_evalsha:.*usec=([0-9]+)");

    private final RedisWire server;

    ServerTime(RedisWire server) {
        this.server = server;
    }

    /** Microseconds for each of so many calls, which are told their number. */
    double each(int calls, IntConsumer call) {
        server.run("CONFIG", "RESETSTAT");
        for (int i = 0; i < calls; i++) {
            call.accept(i);
        }
        Matcher matcher = SCRIPTS.matcher(server.text("INFO", "commandstats"));
        if (!matcher.find()) {
            throw new IllegalStateException("the server counted no script");
        }
        return Double.parseDouble(matcher.group(1)) / calls;
    }
}
