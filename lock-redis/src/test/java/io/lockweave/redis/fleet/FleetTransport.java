package io.lockweave.redis.fleet;

import io.lockweave.redis.RedisScript;
import io.lockweave.redis.RedisTransport;
import io.lockweave.schedules.Schedule;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process's client of the simulated server. */
final class FleetTransport implements RedisTransport {

    static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final int process;
    private final Network network;
    private final Server server;
    private long repeats;

    FleetTransport(int process, Network network, Server server) {
        this.process = process;
        this.network = network;
        this.server = server;
    }

    private static final class Call {
        private @Nullable List<String> answer;
        private @Nullable RuntimeException failure;

        boolean isOver() {
            return answer != null || failure != null;
        }
    }

    @Override
    public List<String> run(RedisScript script, List<String> keys, List<String> arguments) {
        Call call = new Call();
        long arrival = Network.now() + network.delay();
        if (network.repeats()) {
            repeats++;
            if (!network.loses()) {
                network.at(arrival, () -> answer(script, keys, arguments));
            }
            arrival += network.delay();
        }
        if (!network.loses()) {
            network.at(arrival, () -> {
                Call answered = answer(script, keys, arguments);
                if (!network.loses()) {
                    network.at(Network.now() + network.delay(), () -> {
                        call.answer = answered.answer;
                        call.failure = answered.failure;
                    });
                }
            });
        }
        if (!Schedule.until(call::isOver, network.patience(TIMEOUT.toNanos()))) {
            throw new IllegalStateException("no answer");
        }
        if (call.failure != null) {
            throw call.failure;
        }
        return List.copyOf(call.answer);
    }

    private Call answer(RedisScript script, List<String> keys, List<String> arguments) {
        Call call = new Call();
        try {
            call.answer = server.run(script, keys, arguments);
        } catch (RuntimeException e) {
            call.failure = e;
        }
        return call;
    }

    @Override
    public Confirmed runConfirmed(
            RedisScript script, List<String> keys, List<String> arguments, int replicas, Duration longest) {
        throw new UnsupportedOperationException("no replica confirms here");
    }

    @Override
    public long repeats() {
        return repeats;
    }

    @Override
    public Duration timeout() {
        return TIMEOUT;
    }

    @Override
    public String client() {
        return "a simulated network";
    }

    @Override
    public boolean cluster() {
        return false;
    }

    @Override
    public Subscription subscribe(String channel, Listener listener) {
        Runnable end = server.listen(process, channel, listener);
        Schedule.until(() -> false, 2 * network.delay()); // mostly it listens by then
        return end::run;
    }

    @Override
    public List<String> scan(String pattern, int limit) {
        throw new UnsupportedOperationException("nobody lists here");
    }

    @Override
    public void close() {}
}
