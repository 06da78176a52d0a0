package io.lockweave.redis;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisKeyAsyncCommands;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a Lettuce client: one for commands, and one to listen. They are opened when first needed. That for
 * commands is replaced when it ends, when its server was demoted, and when it is silent for too long: Lettuce itself
 * would send what was not answered once more to whatever server it meets, and trust a dead connection until the
 * operating system gives up on it.
 */
final class LettuceConnections {

    private static final int SCANNED_AT_ONCE = 1_000;
    private static final int MOST_SCANS = 1_000;

    private final LettuceClient client;
    private final Duration timeout;
    private final RedisConnectionStateListener watching = new EndOfConnections();
    private final AtomicLong ended = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Line line;
    private @Nullable CompletableFuture<Line> opening;
    private boolean closed;

    LettuceConnections(LettuceClient client, Duration timeout) {
        this.client = client;
        this.timeout = timeout;
        client.addListener(watching);
    }

    /** The connection for commands, and when it was last heard. */
    static final class Line {

        private final StatefulConnection<String, String> connection;
        private volatile long heard = System.nanoTime();

        private Line(StatefulConnection<String, String> connection) {
            this.connection = connection;
        }

        /** Scripts, sent to where their keys are. */
        RedisScriptingAsyncCommands<String, String> commands() {
            return connection instanceof StatefulRedisClusterConnection<String, String> cluster
                    ? cluster.async()
                    : ((StatefulRedisConnection<String, String>) connection).async();
        }

        /** The server answered something. */
        void answered() {
            heard = System.nanoTime();
        }

        boolean isSilentSince(long time) {
            return heard - time < 0;
        }

        private boolean isUsable() {
            return connection instanceof StatefulRedisClusterConnection || connection.isOpen();
        }
    }

    /** A connection that ended is not used again, or Lettuce would open it anew and repeat what was sent on it. */
    private final class EndOfConnections implements RedisConnectionStateListener {

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            ended.incrementAndGet();
            Line open = line;
            if (open != null && open.connection == connection) {
                drop(open);
            }
        }
    }

    /** How many connections have ended: what was under way on one may have been done. */
    long ended() {
        return ended.get();
    }

    /** The connection for commands. While one thread opens it the others wait for that, as long as for an answer. */
    Line line() {
        Line known = line;
        if (known != null && known.isUsable()) {
            return known;
        }
        CompletableFuture<Line> told;
        boolean first;
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("it is closed");
            }
            Line opened = line;
            if (opened != null && opened.isUsable()) {
                return opened;
            }
            CompletableFuture<Line> underWay = opening;
            first = underWay == null;
            told = underWay == null ? new CompletableFuture<>() : underWay;
            opening = told;
        } finally {
            lock.unlock();
        }
        return first ? open(told) : Awaiting.answer(told, timeout);
    }

    private Line open(CompletableFuture<Line> told) {
        try {
            Line fresh = new Line(client.connect());
            replace(fresh);
            told.complete(fresh);
            return fresh;
        } catch (Throwable e) { // whoever waits has to hear of it
            told.completeExceptionally(e);
            throw e;
        } finally {
            lock.lock();
            try {
                opening = null;
            } finally {
                lock.unlock();
            }
        }
    }

    private void replace(Line fresh) {
        Line before;
        lock.lock();
        try {
            before = closed ? fresh : line;
            line = closed ? null : fresh;
        } finally {
            lock.unlock();
        }
        if (before != null) {
            close(before.connection);
        }
    }

    /** The next call opens another connection. */
    void drop(Line useless) {
        lock.lock();
        try {
            if (line == useless) {
                line = null;
            }
        } finally {
            lock.unlock();
        }
        close(useless.connection);
    }

    private static void close(StatefulConnection<String, String> connection) {
        var unused = connection.closeAsync();
    }

    RedisTransport.Subscription subscribe(String channel, RedisTransport.Listener listener) {
        StatefulRedisPubSubConnection<String, String> listening = client.connectPubSub();
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        listening.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String from, String message) {
                listener.message(message);
            }

            @Override
            public void subscribed(String to, long count) {
                listener.listening(); // also after each reconnection, when Lettuce subscribes again
                begun.complete(true);
            }
        });
        try {
            Awaiting.answer(listening.async().subscribe(channel), timeout);
            Awaiting.answer(begun, timeout);
        } catch (RuntimeException e) {
            listening.close();
            throw e;
        }
        return listening::close;
    }

    List<String> scan(String pattern, int limit) {
        StatefulConnection<String, String> open = line().connection;
        // Of a Cluster these are commands that walk through all of its masters.
        RedisKeyAsyncCommands<String, String> commands =
                open instanceof StatefulRedisClusterConnection<String, String> cluster
                        ? cluster.async()
                        : ((StatefulRedisConnection<String, String>) open).async();
        ScanArgs arguments = ScanArgs.Builder.matches(pattern).limit(SCANNED_AT_ONCE);
        Set<String> found = new LinkedHashSet<>();
        KeyScanCursor<String> cursor = Awaiting.answer(commands.scan(arguments), timeout);
        for (int scans = 1; ; scans++) {
            found.addAll(cursor.getKeys());
            if (cursor.isFinished() || scans >= MOST_SCANS || found.size() >= limit) {
                return found.stream().limit(limit).toList();
            }
            cursor = Awaiting.answer(commands.scan(cursor, arguments), timeout);
        }
    }

    void close() {
        client.removeListener(watching);
        Line open;
        lock.lock();
        try {
            closed = true;
            open = line;
            line = null;
        } finally {
            lock.unlock();
        }
        if (open != null) {
            open.connection.close();
        }
    }
}
