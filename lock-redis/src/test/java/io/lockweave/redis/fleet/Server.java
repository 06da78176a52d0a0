package io.lockweave.redis.fleet;

import io.lockweave.LockKey;
import io.lockweave.redis.RedisScript;
import io.lockweave.redis.RedisTransport.Listener;
import io.lockweave.schedules.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server, and the replica that may take its place. */
final class Server implements Commands.Channels {

    private static final long EPOCH_MICROS = 1_700_000_000_000_000L;

    /** A connection that listens: what is said on it arrives in order. */
    private static final class Ear {

        private final int process;
        private final String channel;
        private final Listener listener;
        private long last;
        private boolean closed;

        Ear(int process, String channel, Listener listener) {
            this.process = process;
            this.channel = channel;
            this.listener = listener;
        }
    }

    private final Network network;
    private final Scripts scripts;
    private final List<Ear> ears = new ArrayList<>();
    private Data data = new Data(() -> micros() / 1_000);
    private @Nullable Data replica;
    private long setBack;
    private long down;

    /** What was granted before this time, in microseconds of the server, may be lost. */
    private long safeSince;

    Server(Network network) {
        this.network = network;
        this.scripts = new Scripts(commands()::run);
    }

    private Commands commands() {
        return new Commands(data, this::micros, this);
    }

    private long micros() {
        return EPOCH_MICROS + Network.now() / 1_000 - setBack;
    }

    Data data() {
        return data;
    }

    List<String> run(RedisScript script, List<String> keys, List<String> arguments) {
        if (Network.now() < down) {
            throw new IllegalStateException("connection refused");
        }
        return scripts.run(script.source(), keys, arguments);
    }

    // ---- faults

    /** The replica gets no more writes from now on. */
    void replicaLags() {
        replica = data.copy();
    }

    /** The replica takes the server's place after a while. */
    void failOver(long nanos) {
        down = Network.now() + nanos;
        if (replica != null) {
            data = replica;
            scripts.use(commands()::run);
        }
        safeSince = micros() + nanos / 1_000;
        List.copyOf(ears).forEach(this::cut);
    }

    void setClockBack(long micros) {
        setBack += micros;
    }

    /** Whether its clock only ever went on and no write was lost. */
    boolean keepsItsWord() {
        return setBack == 0 && safeSince == 0;
    }

    /** For how long it keeps an exclusive lock, up to the end of the last millisecond; 0 if it is free. */
    long leaseNanos(LockKey key) {
        String fingerprint = key.in("fleet").fingerprint();
        long left = data.left("lw:{" + fingerprint.substring(0, 2) + "}:" + fingerprint);
        return left < 0 ? 0 : (left + 1) * 1_000_000 - micros() % 1_000 * 1_000;
    }

    /** Whether a fail-over may have forgotten this grant. */
    boolean mayHaveForgotten(long fence) {
        return fence / 1_000 <= safeSince;
    }

    /** One of the connections that listen is lost and made anew. */
    void cutOne(int which) {
        if (!ears.isEmpty()) {
            cut(ears.get(which % ears.size()));
        }
    }

    /** The connections on which a process listens are lost, and made anew after a while. */
    void deafen(int process, long nanos) {
        List.copyOf(ears).stream().filter(ear -> ear.process == process).forEach(ear -> cut(ear, nanos));
    }

    private void cut(Ear ear) {
        cut(ear, TimeUnit.MILLISECONDS.toNanos(20));
    }

    private void cut(Ear ear, long nanos) {
        ears.remove(ear);
        long again = Math.max(down, Network.now()) + nanos + network.delay();
        network.at(again, () -> {
            if (!ear.closed) {
                connect(ear);
            }
        });
    }

    // ---- channels

    /** Begins to listen for a process; ended by the answer. */
    Runnable listen(int process, String channel, Listener listener) {
        Ear ear = new Ear(process, channel, listener);
        connect(ear);
        return () -> {
            ear.closed = true;
            ears.remove(ear);
        };
    }

    private void connect(Ear ear) {
        ears.add(ear);
        tell(ear, ear.listener::listening);
    }

    @Override
    public int listeners(String channel) {
        return (int) ears.stream().filter(ear -> ear.channel.equals(channel)).count();
    }

    @Override
    public void publish(String channel, String message) {
        for (Ear ear : List.copyOf(ears)) {
            if (ear.channel.equals(channel)) {
                if (network.loses()) {
                    cut(ear); // a stream loses nothing but its end
                } else {
                    tell(ear, () -> ear.listener.message(message));
                }
            }
        }
    }

    private void tell(Ear ear, Runnable what) {
        ear.last = Math.max(ear.last, Network.now() + network.delay());
        network.at(ear.last, () -> deliver(ear, what));
    }

    private void deliver(Ear ear, Runnable what) {
        long until = Schedule.pausedUntil(ear.process);
        if (until > Network.now()) {
            network.at(until, () -> deliver(ear, what));
        } else if (!ear.closed) {
            Schedule.as(ear.process, what);
        }
    }
}
