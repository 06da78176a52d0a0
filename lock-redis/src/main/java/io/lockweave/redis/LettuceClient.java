package io.lockweave.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.EpollProvider;
import io.lockweave.LockUsageException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Lettuce client, and how it connects. */
final class LettuceClient {

    private final AbstractRedisClient client;
    private final @Nullable RedisURI uri;
    private final boolean owned;

    LettuceClient(AbstractRedisClient client, @Nullable RedisURI uri, boolean owned) {
        this.client = client;
        this.uri = uri;
        this.owned = owned;
    }

    @SuppressWarnings("deprecation") // Lettuce 7 has these triggers on anyway, Lettuce 6 has not
    static LettuceClient open(RedisAddress address, Duration connectTimeout, Duration timeout) {
        SocketOptions socket = socketOptions(connectTimeout, timeout);
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
            return new LettuceClient(client, null, true);
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
        return new LettuceClient(client, null, true);
    }

    /**
     * A peer that vanished without a word is noticed in seconds; the time-out of TCP needs Netty's native transport.
     */
    private static SocketOptions socketOptions(Duration connectTimeout, Duration timeout) {
        Duration second = Duration.ofSeconds(1);
        return SocketOptions.builder()
                .connectTimeout(connectTimeout)
                .keepAlive(SocketOptions.KeepAliveOptions.builder()
                        .enable()
                        .idle(second)
                        .interval(second)
                        .count(3)
                        .build())
                .tcpUserTimeout(SocketOptions.TcpUserTimeoutOptions.builder()
                        .enable(EpollProvider.isAvailable())
                        .tcpUserTimeout(timeout.plus(second))
                        .build())
                .build();
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

    StatefulConnection<String, String> connect() {
        if (client instanceof RedisClusterClient cluster) {
            return cluster.connect(StringCodec.UTF8);
        }
        return connectToServer();
    }

    private StatefulRedisConnection<String, String> connectToServer() {
        RedisClient single = (RedisClient) client;
        if (uri != null) {
            return single.connect(StringCodec.UTF8, uri);
        }
        try {
            return single.connect(StringCodec.UTF8);
        } catch (IllegalStateException e) {
            throw new LockUsageException(
                    "The Lettuce client passed in knows no address (" + e.getMessage()
                            + "), as that of a static master with replicas",
                    "name the master: LettuceTransport.of(client, uri), or lockweave.redis.uri");
        }
    }

    StatefulRedisPubSubConnection<String, String> connectPubSub() {
        if (client instanceof RedisClusterClient cluster) {
            return cluster.connectPubSub(StringCodec.UTF8);
        }
        RedisClient single = (RedisClient) client;
        return uri == null ? single.connectPubSub(StringCodec.UTF8) : single.connectPubSub(StringCodec.UTF8, uri);
    }

    /** The server that has a key, as a Cluster's nodes are called; the same for all keys if there is no Cluster. */
    String serverOf(String key) {
        return client instanceof RedisClusterClient cluster
                ? cluster.getPartitions()
                        .getPartitionBySlot(SlotHash.getSlot(key))
                        .getNodeId()
                : "";
    }

    /** A connection to that server, which in a Cluster never reconnects by itself. */
    StatefulRedisConnection<String, String> connectTo(String server) {
        if (!(client instanceof RedisClusterClient cluster)) {
            return connectToServer();
        }
        RedisURI node = cluster.getPartitions().getPartitionByNodeId(server).getUri();
        RedisClient toNode = RedisClient.create(cluster.getResources(), node);
        toNode.setOptions(ClientOptions.copyOf(client.getOptions())
                .mutate()
                .autoReconnect(false)
                .build());
        return toNode.connect(StringCodec.UTF8);
    }

    /** Asks a Cluster anew which node has which slots. */
    void refresh(Duration timeout) {
        if (client instanceof RedisClusterClient cluster) {
            Awaiting.answer(cluster.refreshPartitionsAsync().toCompletableFuture(), timeout);
        }
    }

    void addListener(RedisConnectionStateListener listener) {
        client.addListener(listener);
    }

    void removeListener(RedisConnectionStateListener listener) {
        client.removeListener(listener);
    }

    void close() {
        if (owned) {
            client.shutdown();
        }
    }
}
