package io.lockweave.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Scripts whose writes replicas must confirm, with Lettuce. {@code WAIT} counts what its own connection wrote, so a
 * script and its {@code WAIT} go out together on one connection that never reconnects: both or neither. {@code WAIT}
 * holds up whatever comes after it, so these connections serve nothing else, and one call each at a time.
 */
final class LettuceConfirmations {

    /** As many takes may wait for replicas at once. */
    private static final int MOST = 32;

    private final LettuceClient client;
    private final Duration timeout;
    private final Semaphore free = new Semaphore(MOST);
    private final ConcurrentMap<String, Deque<StatefulRedisConnection<String, String>>> idle =
            new ConcurrentHashMap<>();
    private final Set<StatefulRedisConnection<String, String>> open = ConcurrentHashMap.newKeySet();
    private final RedisConnectionStateListener watching = new NeverAgain();
    private volatile boolean closed;

    LettuceConfirmations(LettuceClient client, Duration timeout) {
        this.client = client;
        this.timeout = timeout;
        client.addListener(watching);
    }

    /** Closes a connection that ended before Lettuce can open it again, to whatever server it would meet then. */
    private final class NeverAgain implements RedisConnectionStateListener {

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            if (open.contains(connection)) {
                var unused = connection.closeAsync();
            }
        }
    }

    RedisTransport.Confirmed run(
            RedisScript script, List<String> keys, List<String> arguments, int replicas, Duration longest) {
        if (!acquire(free)) {
            throw new IllegalStateException(MOST + " locks wait for replicas already");
        }
        try {
            String server = client.serverOf(keys.get(0));
            StatefulRedisConnection<String, String> connection = take(server);
            boolean whole = false;
            try {
                RedisTransport.Confirmed confirmed =
                        run(connection.async(), script, keys, arguments, replicas, longest);
                whole = true;
                return confirmed;
            } finally {
                giveBack(server, connection, whole);
            }
        } finally {
            free.release();
        }
    }

    private boolean acquire(Semaphore semaphore) {
        boolean interrupted = false;
        long end = System.nanoTime() + timeout.toNanos();
        try {
            while (true) {
                try {
                    return semaphore.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private RedisTransport.Confirmed run(
            RedisAsyncCommands<String, String> commands,
            RedisScript script,
            List<String> keys,
            List<String> arguments,
            int replicas,
            Duration longest) {
        String[] k = keys.toArray(String[]::new);
        String[] a = arguments.toArray(String[]::new);
        RedisFuture<List<Object>> answer = commands.evalsha(script.digest(), ScriptOutputType.MULTI, k, a);
        RedisFuture<Long> acks = commands.waitForReplication(replicas, longest.toMillis());
        List<Object> values;
        try {
            values = Awaiting.answer(answer, timeout);
        } catch (RedisNoScriptException e) {
            Awaiting.answer(acks, timeout.plus(longest)); // it confirms nothing, and must not hold up the next
            answer = commands.eval(script.source(), ScriptOutputType.MULTI, k, a);
            acks = commands.waitForReplication(replicas, longest.toMillis());
            values = Awaiting.answer(answer, timeout);
        }
        return new RedisTransport.Confirmed(
                LettuceTransport.texts(values),
                Awaiting.answer(acks, timeout.plus(longest)).intValue());
    }

    private StatefulRedisConnection<String, String> take(String server) {
        Deque<StatefulRedisConnection<String, String>> waiting =
                idle.getOrDefault(server, new ConcurrentLinkedDeque<>());
        for (var known = waiting.pollFirst(); known != null; known = waiting.pollFirst()) {
            if (known.isOpen()) {
                return known;
            }
            forget(known);
        }
        StatefulRedisConnection<String, String> fresh = client.connectTo(server);
        open.add(fresh);
        if (!fresh.isOpen() || closed) {
            forget(fresh);
            throw new IllegalStateException("the connection ended at once");
        }
        return fresh;
    }

    private void giveBack(String server, StatefulRedisConnection<String, String> connection, boolean whole) {
        if (!whole || closed) {
            forget(connection);
            return;
        }
        idle.computeIfAbsent(server, s -> new ConcurrentLinkedDeque<>()).addFirst(connection);
        if (closed) {
            close();
        }
    }

    private void forget(StatefulRedisConnection<String, String> connection) {
        var unused = connection.closeAsync();
        open.remove(connection);
    }

    void close() {
        closed = true;
        client.removeListener(watching);
        idle.values().forEach(Deque::clear);
        open.forEach(this::forget);
    }
}
