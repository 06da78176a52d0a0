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
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.codec.StringCodec;

/**
 * Carries the protocol over Redisson, which serves for its scripts and topics only: its own locks, watchdog and codecs are
 * not used. A client that was passed in stays open.
 */
public final class RedissonTransport implements RedisTransport {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final int SCANNED_AT_ONCE = 1_000;

    private final RedissonClient redisson;
    private final boolean cluster;
    private final Duration timeout;
    private final boolean owned;

    private RedissonTransport(RedissonClient redisson, boolean cluster, Duration timeout, boolean owned) {
        this.redisson = redisson;
        this.cluster = cluster;
        this.timeout = timeout;
        this.owned = owned;
    }

    /**
     * Uses this client, and waits up to 2 seconds for an answer.
     *
     * @throws LockUsageException if the client changes the names of keys (a name mapper): programs with other clients would
     *     not meet on them
     */
    public static RedissonTransport of(RedissonClient redisson) {
        Objects.requireNonNull(redisson, "redisson");
        List<String> mapped = redisson.getTopic("lw:name").getChannelNames();
        if (!mapped.equals(List.of("lw:name"))) {
            throw new LockUsageException(
                    "The Redisson client passed in changes names: lw:name becomes " + mapped,
                    "pass in one without a name mapper, or let Lockweave open its own from lockweave.redis.uri");
        }
        return new RedissonTransport(redisson, redisson.getConfig().isClusterConfig(), TIMEOUT, false);
    }

    static RedissonTransport open(RedisAddress address, Duration connectTimeout, Duration timeout) {
        RedissonClient redisson = Redisson.create(RedissonConfig.of(address, connectTimeout, timeout));
        return new RedissonTransport(redisson, address.kind() == RedisAddress.Kind.CLUSTER, timeout, true);
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
    public List<String> run(RedisScript script, List<String> keys, List<String> arguments) {
        RScript scripts = redisson.getScript(StringCodec.INSTANCE);
        try {
            return texts(Awaiting.answer(byDigest(scripts, script, keys, arguments), timeout));
        } catch (RedisNoScriptException e) {
            RFuture<List<Object>> answer = scripts.evalAsync(
                    keys.get(0),
                    RScript.Mode.READ_WRITE,
                    script.source(),
                    RScript.ReturnType.LIST,
                    new ArrayList<>(keys),
                    arguments.toArray());
            return texts(Awaiting.answer(answer, timeout));
        }
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
        RBatch batch = redisson.createBatch(BatchOptions.defaults().sync(replicas, longest));
        RFuture<List<Object>> answer = byDigest(batch.getScript(StringCodec.INSTANCE), script, keys, arguments);
        BatchResult<?> result = Awaiting.answer(batch.executeAsync(), timeout.plus(longest));
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
        RTopic topic = redisson.getTopic(channel, StringCodec.INSTANCE);
        try {
            Awaiting.answer(
                    topic.addListenerAsync(String.class, (from, message) -> listener.message(message)), timeout);
            Awaiting.answer(topic.addListenerAsync(new Resubscribed(listener)), timeout);
        } catch (RuntimeException e) {
            topic.removeAllListeners();
            throw e;
        }
        listener.listening();
        return topic::removeAllListeners;
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
        for (String key : redisson.getKeys()
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
        if (owned) {
            redisson.shutdown();
        }
    }
}
