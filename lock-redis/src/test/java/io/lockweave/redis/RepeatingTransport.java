package io.lockweave.redis;

import java.time.Duration;
import java.util.List;

/** Sends every request twice, as a client does that lost the answer to the first. The second answer counts. */
record RepeatingTransport(RedisTransport real) implements RedisTransport {

    @Override
    public String client() {
        return real.client();
    }

    @Override
    public List<String> run(RedisScript script, List<String> keys, List<String> arguments) {
        real.run(script, keys, arguments);
        return real.run(script, keys, arguments);
    }

    @Override
    public Confirmed runConfirmed(
            RedisScript script, List<String> keys, List<String> arguments, int replicas, Duration longest) {
        real.runConfirmed(script, keys, arguments, replicas, longest);
        return real.runConfirmed(script, keys, arguments, replicas, longest);
    }

    @Override
    public Duration timeout() {
        return real.timeout();
    }

    @Override
    public boolean cluster() {
        return real.cluster();
    }

    @Override
    public Subscription subscribe(String channel, Listener listener) {
        return real.subscribe(channel, listener);
    }

    @Override
    public List<String> scan(String pattern, int limit) {
        return real.scan(pattern, limit);
    }

    @Override
    public void close() {
        real.close();
    }
}
