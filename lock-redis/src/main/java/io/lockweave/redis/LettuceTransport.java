package io.lockweave.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Carries the protocol over Lettuce, on one connection for commands and one to listen, both opened when first needed
 * and closed in the end, and a few more for locks that replicas must confirm. A client that was passed in stays open.
 */
public final class LettuceTransport implements RedisTransport {

    /** The longest wait for an answer where nothing else is said. */
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final LettuceClient client;
    private final LettuceConnections connections;
    private final LettuceConfirmations confirmations;
    private final Duration timeout;

    private LettuceTransport(LettuceClient client, Duration timeout) {
        this.client = client;
        this.connections = new LettuceConnections(client, timeout);
        this.confirmations = new LettuceConfirmations(client, timeout);
        this.timeout = timeout;
    }

    /** Uses this client, which knows its server's URI, and waits up to 2 seconds for an answer. */
    public static LettuceTransport of(RedisClient client) {
        return new LettuceTransport(new LettuceClient(Objects.requireNonNull(client, "client"), null, false), TIMEOUT);
    }

    /** Uses this client with this URI, and waits for an answer as long as the URI says. */
    public static LettuceTransport of(RedisClient client, RedisURI uri) {
        Objects.requireNonNull(uri, "uri");
        return new LettuceTransport(
                new LettuceClient(Objects.requireNonNull(client, "client"), uri, false), uri.getTimeout());
    }

    /** Uses this client of a Cluster, and waits up to 2 seconds for an answer. */
    public static LettuceTransport of(RedisClusterClient client) {
        return new LettuceTransport(new LettuceClient(Objects.requireNonNull(client, "client"), null, false), TIMEOUT);
    }

    static LettuceTransport open(RedisAddress address, Duration connectTimeout, Duration timeout) {
        return new LettuceTransport(LettuceClient.open(address, connectTimeout, timeout), timeout);
    }

    @Override
    public String client() {
        return "Lettuce";
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public boolean cluster() {
        return client.cluster();
    }

    @Override
    public long repeats() {
        return connections.ended();
    }

    @Override
    public List<String> run(RedisScript script, List<String> keys, List<String> arguments) {
        for (boolean first = true; ; first = false) {
            LettuceConnections.Line line = connections.line();
            long sent = System.nanoTime();
            try {
                List<String> answer = run(line.commands(), script, keys, arguments);
                line.answered();
                return answer;
            } catch (RuntimeException e) {
                if (!mayTryAgain(line, sent, e) || !first) {
                    throw e;
                }
            }
        }
    }

    /** Whether a call that failed may be made once more, which every script allows; after that was made possible. */
    private boolean mayTryAgain(LettuceConnections.Line line, long sent, RuntimeException failure) {
        String error = RedisErrors.serverError(failure);
        if (error != null) {
            line.answered();
        }
        if (cluster()) {
            return error == null ? refreshed() : RedisErrors.isMoved(error) && refreshed();
        }
        if (error != null) {
            return RedisErrors.isDemoted(error) && dropped(line);
        }
        if (failure instanceof Awaiting.NoAnswer) {
            if (line.isSilentSince(sent)) {
                connections.drop(line);
            }
            return false; // it has taken its time already
        }
        return dropped(line);
    }

    private boolean dropped(LettuceConnections.Line line) {
        connections.drop(line);
        return true;
    }

    /** A Cluster is asked which nodes it has by now: a client may not do that by itself. */
    private boolean refreshed() {
        client.refresh(timeout);
        return true;
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
        try {
            return confirmations.run(script, keys, arguments, replicas, longest);
        } catch (RuntimeException e) {
            String error = RedisErrors.serverError(e);
            boolean again = error == null
                    ? cluster() && refreshed()
                    : cluster() ? RedisErrors.isMoved(error) && refreshed() : RedisErrors.isDemoted(error);
            if (!again) {
                throw e;
            }
            return confirmations.run(script, keys, arguments, replicas, longest);
        }
    }

    static List<String> texts(List<Object> answer) {
        List<String> texts = new ArrayList<>(answer.size());
        answer.forEach(element -> texts.add(String.valueOf(element)));
        return texts;
    }

    @Override
    public Subscription subscribe(String channel, Listener listener) {
        return connections.subscribe(channel, listener);
    }

    @Override
    public List<String> scan(String pattern, int limit) {
        return connections.scan(pattern, limit);
    }

    @Override
    public void close() {
        confirmations.close();
        connections.close();
        client.close();
    }
}
