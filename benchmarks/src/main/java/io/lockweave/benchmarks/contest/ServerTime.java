package io.lockweave.benchmarks.contest;

import io.lockweave.testservers.redis.RedisWire;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a Redis server works on scripts, by its own count. */
final class ServerTime {

    private static final Pattern SCRIPTS = Pattern.compile("cmdstat_evalsha:calls=([0-9]+),usec=([0-9]+)");

    private final RedisWire server;

    ServerTime(RedisWire server) {
        this.server = server;
    }

    /**
     * What it has done.
     *
     * @param calls how many scripts it ran
     * @param micros for how many microseconds
     */
    record Scripts(long calls, double micros) {}

    /** Microseconds for each of so many calls, which are told their number. */
    double each(int calls, IntConsumer call) {
        server.run("CONFIG", "RESETSTAT");
        for (int i = 0; i < calls; i++) {
            call.accept(i);
        }
        return scripts().micros / calls;
    }

    /** What it does in so many seconds from now. */
    Scripts during(int seconds) throws InterruptedException {
        server.run("CONFIG", "RESETSTAT");
        TimeUnit.SECONDS.sleep(seconds);
        return scripts();
    }

    private Scripts scripts() {
        Matcher matcher = SCRIPTS.matcher(server.text("INFO", "commandstats"));
        if (!matcher.find()) {
            throw new IllegalStateException("the server counted no script");
        }
        return new Scripts(Long.parseLong(matcher.group(1)), Double.parseDouble(matcher.group(2)));
    }
}
