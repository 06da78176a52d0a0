package io.lockweave.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A client one of whose requests is stuck in the network: the caller sees a time-out, and the request arrives later.
 */
final class LateTransport implements RedisTransport {

    private final RedisTransport real;
    private final Deque<Runnable> underWay = new ArrayDeque<>();
    private final Queue<RedisScript> run = new ConcurrentLinkedQueue<>();
    private volatile Set<RedisScript> next = Set.of();

    LateTransport(RedisTransport real) {
        this.real = real;
    }

    /** The next request to run one of these scripts gets stuck. */
    void holdUp(RedisScript... scripts) {
        next = Set.of(scripts);
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
        if (next.contains(script)) {
            next = Set.of();
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
