package io.lockweave.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A client one of whose requests is stuck in the network: the caller sees a time-out, and the request arrives later.
 */
final class LateTransport implements RedisTransport {

    private final RedisTransport real;
    private final Deque<Runnable> underWay = new ArrayDeque<>();
    private final Queue<RedisScript> run = new ConcurrentLinkedQueue<>();
    private volatile @Nullable RedisScript next;

    LateTransport(RedisTransport real) {
        this.real = real;
    }

    /** The next request to run this script gets stuck. */
    void holdUp(RedisScript script) {
        next = script;
    }

    /** What is stuck arrives. */
    void arrive() {
        underWay.remove().run();
    }

    /** How often a script was run in time. */
    long runs(RedisScript script) {
        return run.stream().filter(script::equals).count();
    }

    @Override
    public List<String> run(RedisScript script, List<String> keys, List<String> arguments) {
        if (script == next) {
            next = null;
            underWay.add(() -> real.run(script, keys, arguments));
            throw new Awaiting.NoAnswer(timeout(), new IllegalStateException("it is stuck"));
        }
        List<String> answer = real.run(script, keys, arguments);
        run.add(script);
        return answer;
    }

    @Override
    public Confirmed runConfirmed(
            RedisScript script, List<String> keys, List<String> arguments, int replicas, Duration longest) {
        return real.runConfirmed(script, keys, arguments, replicas, longest);
    }

    @Override
    public Duration timeout() {
        return real.timeout();
    }

    @Override
    public String client() {
        return real.client();
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
