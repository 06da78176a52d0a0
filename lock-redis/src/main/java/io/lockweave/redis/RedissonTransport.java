package io.lockweave.redis;

import io.lockweave.LockUsageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.BatchOptions;
import org.redisson.api.BatchResult;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RScript;
import org.redisson.api.RScriptAsync;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.StatusListener;
import org.redisson.api.options.KeysScanOptions;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.codec.StringCodec;

/**
 * Carries the protocol over Redisson, which serves for its scripts and topics only: its own locks, watchdog and codecs
 * are not used. A client that was passed in stays open.
 */
public final class RedissonTransport implements RedisTransport {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    /** How long the server may take to say whether it is a master. */
    private static final Duration ASKING = Duration.ofMillis(500);

    private static final int CUTS = 3;
    private static final int SCANNED_AT_ONCE = 1_000;

    private final RedissonClients clients;
    private final boolean cluster;
    private final Duration timeout;

    private RedissonTransport(RedissonClients clients, boolean cluster, Duration timeout) {
        this.clients = clients;
        this.cluster = cluster;
        this.timeout = timeout;
    }

    /**
     * Uses this client, and waits up to 2 seconds for an answer.
     *
     * @throws LockUsageException if the client changes the names of keys (a name mapper): programs with other clients
     *     would not meet on them
     */
    public static RedissonTransport of(RedissonClient redisson) {
        Objects.requireNonNull(redisson, "redisson");
        List<String> mapped = redisson.getTopic("lw:name").getChannelNames();
        if (!mapped.equals(List.of("lw:name"))) {
            throw new LockUsageException(
                    "The Redisson client passed in changes names: lw:name becomes " + mapped,
                    "pass in one without a name mapper, or let Lockweave open its own from lockweave.redis.uri");
        }
        return new RedissonTransport(
                RedissonClients.of(redisson), redisson.getConfig().isClusterConfig(), TIMEOUT);
    }

    static RedissonTransport open(RedisAddress address, Duration connectTimeout, Duration timeout) {
        RedissonClients clients =
                RedissonClients.opening(() -> Redisson.create(RedissonConfig.of(address, connectTimeout, timeout)));
        return new RedissonTransport(clients, address.kind() == RedisAddress.Kind.CLUSTER, timeout);
    }

    @Override
    public String client() {
        return "Redisson";
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public boolean cluster() {
        return cluster;
    }

    @Override
    public long repeats() {
        return clients.ended();
    }

    @Override
    public List<String> run(RedisScript script, List<String> keys, List<String> arguments) {
        RedissonClient redisson = clients.client();
        try {
            return againIfCut(redisson, script, keys, arguments);
        } catch (Awaiting.NoAnswer e) {
            if (cluster) {
                return unlessRefused(script, keys, arguments, e);
            }
            throw explained(redisson, keys, e);
        } catch (RedisException e) {
            String error = RedisErrors.serverError(e);
            if (!cluster && error != null && RedisErrors.isDemoted(error) && clients.replace(redisson)) {
                return run(clients.client(), script, keys, arguments);
            }
            throw e;
        }
    }

    /** Every script may be run twice. Connections often end several at a time, each of which may cut a call. */
    private List<String> againIfCut(
            RedissonClient redisson, RedisScript script, List<String> keys, List<String> arguments) {
        for (int left = CUTS; ; left--) {
            try {
                return run(redisson, script, keys, arguments);
            } catch (RedissonClients.Cut e) {
                if (left == 0) {
                    throw e;
                }
            }
        }
    }

    private List<String> run(RedissonClient redisson, RedisScript script, List<String> keys, List<String> arguments) {
        RScript scripts = redisson.getScript(StringCodec.INSTANCE);
        try {
            return texts(clients.answerUnlessCut(byDigest(scripts, script, keys, arguments), timeout));
        } catch (RedisNoScriptException e) {
            RFuture<List<Object>> answer = scripts.evalAsync(
                    keys.get(0),
                    RScript.Mode.READ_WRITE,
                    script.source(),
                    RScript.ReturnType.LIST,
                    new ArrayList<>(keys),
                    arguments.toArray());
            return texts(clients.answerUnlessCut(answer, timeout));
        }
    }

    /**
     * Redisson tries again by itself what a slot that moves answers, until the time is over, and does not say so. A
     * batch without repetitions does.
     */
    private List<String> unlessRefused(
            RedisScript script, List<String> keys, List<String> arguments, Awaiting.NoAnswer silence) {
        RBatch batch = clients.client().createBatch(BatchOptions.defaults().retryAttempts(0));
        RFuture<List<Object>> answer = byDigest(batch.getScript(StringCodec.INSTANCE), script, keys, arguments);
        try {
            Awaiting.answer(batch.executeAsync(), ASKING);
            return texts(Awaiting.answer(answer, ASKING));
        } catch (RuntimeException e) {
            String error = RedisErrors.serverError(e);
            throw error == null ? silence : e;
        }
    }

    /**
     * Redisson tries again by itself what a server that was demoted refuses, until the time is over, and does not say
     * so. Its connections lead there for as long as it lives, so it is replaced if it is our own.
     */
    private RuntimeException explained(RedissonClient redisson, List<String> keys, Awaiting.NoAnswer silence) {
        List<String> role;
        try {
            role = texts(Awaiting.answer(
                    redisson.getScript(StringCodec.INSTANCE)
                            .evalAsync(
                                    keys.get(0),
                                    RScript.Mode.READ_WRITE,
                                    RedisScript.ROLE.source(),
                                    RScript.ReturnType.LIST,
                                    new ArrayList<>(keys),
                                    new Object[0]),
                    ASKING));
        } catch (RuntimeException e) {
            return silence; // it is silent
        }
        if (!role.get(0).equals("slave")) {
            return silence;
        }
        clients.replace(redisson);
        return new IllegalStateException(
                "READONLY the server has become a replica, and " + silence.getMessage(), silence);
    }

    private static RFuture<List<Object>> byDigest(
            RScriptAsync scripts, RedisScript script, List<String> keys, List<String> arguments) {
        return scripts.evalShaAsync(
                keys.get(0),
                RScript.Mode.READ_WRITE,
                script.digest(),
                RScript.ReturnType.LIST,
                new ArrayList<>(keys),
                arguments.toArray());
    }

    @Override
    public Confirmed runConfirmed(
            RedisScript script, List<String> keys, List<String> arguments, int replicas, Duration longest) {
        try {
            return batched(script, keys, arguments, replicas, longest);
        } catch (RedisNoScriptException e) {
            run(script, keys, arguments);
            return batched(script, keys, arguments, replicas, longest);
        }
    }

    private Confirmed batched(
            RedisScript script, List<String> keys, List<String> arguments, int replicas, Duration longest) {
        // Whatever breaks, it fails at once: a repetition would have to send both, and Redisson may send WAIT alone.
        RBatch batch = clients.client()
                .createBatch(BatchOptions.defaults().retryAttempts(0).sync(replicas, longest));
        RFuture<List<Object>> answer = byDigest(batch.getScript(StringCodec.INSTANCE), script, keys, arguments);
        BatchResult<?> result = clients.answerUnlessCut(batch.executeAsync(), timeout.plus(longest));
        return new Confirmed(texts(Awaiting.answer(answer, timeout)), result.getSyncedSlaves());
    }

    private static List<String> texts(@Nullable List<Object> answer) {
        if (answer == null) {
            throw new IllegalStateException("no answer");
        }
        List<String> texts = new ArrayList<>(answer.size());
        answer.forEach(element -> texts.add(String.valueOf(element)));
        return texts;
    }

    @Override
    public Subscription subscribe(String channel, Listener listener) {
        RTopic topic = clients.client().getTopic(channel, StringCodec.INSTANCE);
        try {
            Awaiting.answer(
                    topic.addListenerAsync(String.class, (from, message) -> listener.message(message)), timeout);
            Awaiting.answer(topic.addListenerAsync(new Resubscribed(listener)), timeout);
        } catch (RuntimeException e) {
            topic.removeAllListeners();
            throw e;
        }
        listener.listening();
        return new Listening(topic, clients, clients.client());
    }

    /**
     * Redisson pings its connections, and replaces those without an answer, unless the client itself was replaced.
     *
     * @param topic what is listened to
     * @param clients the clients
     * @param mine the client it was begun with
     */
    private record Listening(RTopic topic, RedissonClients clients, RedissonClient mine) implements Subscription {

        @Override
        public boolean findsOutByItself() {
            return clients.client() == mine;
        }

        @Override
        public void close() {
            if (clients.client() == mine) {
                topic.removeAllListeners();
            }
        }
    }

    /**
     * Tells when Redisson has subscribed again after an interruption.
     *
     * @param listener whom to tell
     */
    private record Resubscribed(Listener listener) implements StatusListener {

        @Override
        public void onSubscribe(String channel) {
            listener.listening();
        }

        @Override
        public void onUnsubscribe(String channel) {
            // what is missed from here on is looked for when subscribed again
        }
    }

    @Override
    public List<String> scan(String pattern, int limit) {
        List<String> found = new ArrayList<>();
        for (String key : clients.client()
                .getKeys()
                .getKeys(KeysScanOptions.defaults()
                        .pattern(pattern)
                        .chunkSize(SCANNED_AT_ONCE)
                        .limit(limit))) {
            found.add(key);
        }
        return found;
    }

    @Override
    public void close() {
        clients.close();
    }
}
