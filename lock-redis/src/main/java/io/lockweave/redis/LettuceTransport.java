package io.lockweave.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Carries the protocol over Lettuce, on one connection for commands and one to listen, both opened when first needed and
 * closed in the end. A client that was passed in stays open.
 */
public final class LettuceTransport implements RedisTransport {

    /** The longest wait for an answer where nothing else is said. */
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final LettuceConnections connections;
    private final Duration timeout;

    private LettuceTransport(LettuceConnections connections, Duration timeout) {
        this.connections = connections;
        this.timeout = timeout;
    }

    /** Uses this client, which knows its server's URI, and waits up to 2 seconds for an answer. */
    public static LettuceTransport of(RedisClient client) {
        return new LettuceTransport(LettuceConnections.of(client, null), TIMEOUT);
    }

    /** Uses this client with this URI, and waits for an answer as long as the URI says. */
    public static LettuceTransport of(RedisClient client, RedisURI uri) {
        return new LettuceTransport(
                LettuceConnections.of(client, Objects.requireNonNull(uri, "uri")), uri.getTimeout());
    }

    /** Uses this client of a Cluster, and waits up to 2 seconds for an answer. */
    public static LettuceTransport of(RedisClusterClient client) {
        return new LettuceTransport(LettuceConnections.of(client), TIMEOUT);
    }

    static LettuceTransport open(RedisAddress address, Duration connectTimeout, Duration timeout) {
        return new LettuceTransport(LettuceConnections.open(address, connectTimeout, timeout), timeout);
    }

    @Override
    public String client() {
        return "Lettuce";
    }

    @Override
    public boolean cluster() {
        return connections.cluster();
    }

    @Override
    public List<String> run(RedisScript script, List<String> keys, List<String> arguments) {
        return again(() -> run(connections.commands(), script, keys, arguments));
    }

    /**
     * Calls once more if a Cluster's node does not answer or says that a slot has moved, after asking the Cluster which
     * nodes it has by now: a client may not do that by itself. Every script may be run twice.
     */
    private <T> T again(Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            String error = RedisErrors.serverError(e);
            if (!cluster() || (error != null && !error.startsWith("MOVED") && !error.startsWith("CLUSTERDOWN"))) {
                throw e;
            }
            connections.refresh(timeout);
            return call.get();
        }
    }

    private List<String> run(
            RedisScriptingAsyncCommands<String, String> commands,
            RedisScript script,
            List<String> keys,
            List<String> arguments) {
        String[] k = keys.toArray(String[]::new);
        String[] a = arguments.toArray(String[]::new);
        try {
            return texts(Awaiting.answer(
                    commands.<List<Object>>evalsha(script.digest(), ScriptOutputType.MULTI, k, a), timeout));
        } catch (RedisNoScriptException e) {
            return texts(Awaiting.answer(
                    commands.<List<Object>>eval(script.source(), ScriptOutputType.MULTI, k, a), timeout));
        }
    }

    @Override
    public Confirmed runConfirmed(
            RedisScript script, List<String> keys, List<String> arguments, int replicas, Duration longest) {
        return again(() -> {
            StatefulRedisConnection<String, String> connection = connections.connectionOf(keys.get(0));
            // WAIT counts what its own connection wrote last, which is this script or a later one.
            List<String> answer = run(connection.async(), script, keys, arguments);
            RedisFuture<Long> acks = connection.async().waitForReplication(replicas, longest.toMillis());
            return new Confirmed(
                    answer, Awaiting.answer(acks, timeout.plus(longest)).intValue());
        });
    }

    private static List<String> texts(List<Object> answer) {
        List<String> texts = new ArrayList<>(answer.size());
        answer.forEach(element -> texts.add(String.valueOf(element)));
        return texts;
    }

    @Override
    public Subscription subscribe(String channel, Listener listener) {
        return connections.subscribe(channel, listener, timeout);
    }

    @Override
    public List<String> scan(String pattern, int limit) {
        return connections.scan(pattern, limit, timeout);
    }

    @Override
    public void close() {
        connections.close();
    }
}
