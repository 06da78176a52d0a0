package io.lockweave.redis;

import java.time.Duration;
import java.util.List;

/** Runs scripts on the master and listens on a replica, as some clients can be told to. */
record ListeningOnAReplica(RedisTransport master, RedisTransport replica) implements RedisTransport {

    @Override
    public String client() {
        return master.client();
    }

    @Override
    public boolean cluster() {
        return false;
    }

    @Override
    public List<String> run(RedisScript script, List<String> keys, List<String> arguments) {
        return master.run(script, keys, arguments);
    }

    @Override
    public Confirmed runConfirmed(
            RedisScript script, List<String> keys, List<String> arguments, int replicas, Duration longest) {
        return master.runConfirmed(script, keys, arguments, replicas, longest);
    }

    @Override
    public Subscription subscribe(String channel, Listener listener) {
        return replica.subscribe(channel, listener);
    }

    @Override
    public List<String> scan(String pattern, int limit) {
        return master.scan(pattern, limit);
    }

    @Override
    public void close() {
        master.close();
        replica.close();
    }
}
