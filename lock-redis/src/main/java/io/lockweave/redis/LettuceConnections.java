package io.lockweave.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisKeyAsyncCommands;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The connections of a Lettuce client, opened when first needed. */
final class LettuceConnections {

    private static final int SCANNED_AT_ONCE = 1_000;
    private static final int MOST_SCANS = 1_000;

    private final AbstractRedisClient client;
    private final @Nullable RedisURI uri;
    private final boolean owned;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable StatefulConnection<String, String> connection;
    private boolean closed;

    private LettuceConnections(AbstractRedisClient client, @Nullable RedisURI uri, boolean owned) {
        this.client = client;
        this.uri = uri;
        this.owned = owned;
    }

    static LettuceConnections of(RedisClient client, @Nullable RedisURI uri) {
        return new LettuceConnections(client, uri, false);
    }

    static LettuceConnections of(RedisClusterClient client) {
        return new LettuceConnections(client, null, false);
    }

    @SuppressWarnings("deprecation") // Lettuce 7 has these triggers on anyway, Lettuce 6 has not
    static LettuceConnections open(RedisAddress address, Duration connectTimeout, Duration timeout) {
        SocketOptions socket = SocketOptions.builder()
                .connectTimeout(connectTimeout)
                .keepAlive(true)
                .build();
        if (address.kind() == RedisAddress.Kind.CLUSTER) {
            List<RedisURI> uris = address.nodes().stream()
                    .map(node -> uri(
                            address, RedisURI.builder().withHost(node.host()).withPort(node.port()), timeout))
                    .toList();
            RedisClusterClient client = RedisClusterClient.create(uris);
            client.setOptions(ClusterClientOptions.builder()
                    .socketOptions(socket)
                    .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                            .enableAdaptiveRefreshTrigger(ClusterTopologyRefreshOptions.RefreshTrigger.values())
                            .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                            .enablePeriodicRefresh(Duration.ofSeconds(10))
                            .build())
                    .build());
            return new LettuceConnections(client, null, true);
        }
        RedisURI.Builder builder;
        if (address.kind() == RedisAddress.Kind.SENTINEL) {
            builder = RedisURI.builder().withSentinelMasterId(address.master());
            for (RedisAddress.Node node : address.nodes()) {
                builder.withSentinel(node.host(), node.port());
            }
        } else {
            RedisAddress.Node node = address.nodes().get(0);
            builder = RedisURI.builder().withHost(node.host()).withPort(node.port());
        }
        RedisClient client = RedisClient.create(uri(address, builder, timeout));
        client.setOptions(ClientOptions.builder().socketOptions(socket).build());
        return new LettuceConnections(client, null, true);
    }

    private static RedisURI uri(RedisAddress address, RedisURI.Builder builder, Duration timeout) {
        builder.withSsl(address.tls()).withTimeout(timeout).withDatabase(address.database());
        String password = address.password();
        if (password != null) {
            builder.withAuthentication(new StaticCredentialsProvider(address.user(), password.toCharArray()));
        }
        return builder.build();
    }

    boolean cluster() {
        return client instanceof RedisClusterClient;
    }

    private StatefulConnection<String, String> connection() {
        StatefulConnection<String, String> known = connection;
        if (known != null) {
            return known;
        }
        opening.lock();
        try {
            if (closed) {
                throw new IllegalStateException("it is closed");
            }
            if (connection == null) {
                connection = connect();
            }
            return connection;
        } finally {
            opening.unlock();
        }
    }

    private StatefulConnection<String, String> connect() {
        if (client instanceof RedisClusterClient cluster) {
            return cluster.connect(StringCodec.UTF8);
        }
        RedisClient single = (RedisClient) client;
        return uri == null ? single.connect(StringCodec.UTF8) : single.connect(StringCodec.UTF8, uri);
    }

    /** Scripts, sent to where their keys are. */
    RedisScriptingAsyncCommands<String, String> commands() {
        StatefulConnection<String, String> open = connection();
        return open instanceof StatefulRedisClusterConnection<String, String> cluster
                ? cluster.async()
                : ((StatefulRedisConnection<String, String>) open).async();
    }

    /** The one connection to the server that has a key. */
    StatefulRedisConnection<String, String> connectionOf(String key) {
        StatefulConnection<String, String> open = connection();
        if (open instanceof StatefulRedisClusterConnection<String, String> cluster) {
            return cluster.getConnection(cluster.getPartitions()
                    .getPartitionBySlot(SlotHash.getSlot(key))
                    .getNodeId());
        }
        return (StatefulRedisConnection<String, String>) open;
    }

    /** Asks a Cluster anew which node has which slots. */
    void refresh(Duration timeout) {
        if (client instanceof RedisClusterClient cluster) {
            Awaiting.answer(cluster.refreshPartitionsAsync().toCompletableFuture(), timeout);
        }
    }

    RedisTransport.Subscription subscribe(String channel, RedisTransport.Listener listener, Duration timeout) {
        StatefulRedisPubSubConnection<String, String> listening = connectPubSub();
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

    private StatefulRedisPubSubConnection<String, String> connectPubSub() {
        if (client instanceof RedisClusterClient cluster) {
            return cluster.connectPubSub(StringCodec.UTF8);
        }
        RedisClient single = (RedisClient) client;
        return uri == null ? single.connectPubSub(StringCodec.UTF8) : single.connectPubSub(StringCodec.UTF8, uri);
    }

    List<String> scan(String pattern, int limit, Duration timeout) {
        StatefulConnection<String, String> open = connection();
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
        opening.lock();
        try {
            closed = true;
            StatefulConnection<String, String> open = connection;
            if (open != null) {
                open.close();
            }
            connection = null;
        } finally {
            opening.unlock();
        }
        if (owned) {
            client.shutdown();
        }
    }
}
