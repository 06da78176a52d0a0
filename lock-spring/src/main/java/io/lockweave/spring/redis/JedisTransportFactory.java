package io.lockweave.spring.redis;

import io.lockweave.LockBackendException;
import io.lockweave.LockUsageException;
import io.lockweave.redis.JedisTransport;
import io.lockweave.redis.RedisTransport;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisPassword;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisCluster;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.providers.PooledConnectionProvider;
import redis.clients.jedis.providers.SentineledConnectionProvider;

/**
 * Jedis as the application's {@link JedisConnectionFactory} is configured: servers, logins, TLS, time-outs. Its pool
 * cannot be shared, so locks get connections of their own. Loaded only where Spring Data Redis and Jedis are.
 */
final class JedisTransportFactory {

    private static final int MOST_CONNECTIONS = 32;

    /** A Cluster's nodes are tried this often. */
    private static final int CLUSTER_ATTEMPTS = 5;

    private final JedisClientConfiguration settings;

    private JedisTransportFactory(JedisClientConfiguration settings) {
        this.settings = settings;
    }

    static Optional<RedisTransport> transport(ListableBeanFactory beans) {
        return Optional.ofNullable(
                        beans.getBeanProvider(JedisConnectionFactory.class).getIfUnique())
                .map(JedisTransportFactory::connect);
    }

    private static RedisTransport connect(JedisConnectionFactory factory) {
        try {
            return JedisTransport.owning(new JedisTransportFactory(factory.getClientConfiguration()).client(factory));
        } catch (LockUsageException e) {
            throw e;
        } catch (RuntimeException e) {
            throw LockBackendException.passing(
                    "Connecting to Redis as the JedisConnectionFactory says failed: " + e.getMessage(), e);
        }
    }

    @SuppressWarnings("deprecation") // the constructors are what all versions of Jedis from 6 on have in common
    private UnifiedJedis client(JedisConnectionFactory factory) {
        RedisSentinelConfiguration sentinel = factory.getSentinelConfiguration();
        if (sentinel != null) {
            String master =
                    sentinel.getMaster() == null ? null : sentinel.getMaster().getName();
            return new UnifiedJedis(new SentineledConnectionProvider(
                    master,
                    login(sentinel.getUsername(), sentinel.getPassword())
                            .database(sentinel.getDatabase())
                            .build(),
                    pool(),
                    hosts(sentinel.getSentinels()),
                    login(sentinel.getSentinelUsername(), sentinel.getSentinelPassword())
                            .build()));
        }
        RedisClusterConfiguration cluster = factory.getClusterConfiguration();
        if (cluster != null) {
            return new JedisCluster(
                    new ClusterConnectionProvider(
                            hosts(cluster.getClusterNodes()),
                            login(cluster.getUsername(), cluster.getPassword()).build(),
                            pool()),
                    CLUSTER_ATTEMPTS,
                    readTimeout());
        }
        RedisStandaloneConfiguration one = factory.getStandaloneConfiguration();
        if (one == null) {
            throw new LockUsageException(
                    "The JedisConnectionFactory says neither host, nor Sentinels, nor a Cluster",
                    "set lockweave.redis.uri");
        }
        return new UnifiedJedis(new PooledConnectionProvider(
                new HostAndPort(one.getHostName(), one.getPort()),
                login(one.getUsername(), one.getPassword())
                        .database(one.getDatabase())
                        .build(),
                pool()));
    }

    private DefaultJedisClientConfig.Builder login(@Nullable String user, RedisPassword password) {
        return DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(
                        Math.toIntExact(settings.getConnectTimeout().toMillis()))
                .socketTimeoutMillis(Math.toIntExact(readTimeout().toMillis()))
                .clientName(settings.getClientName().orElse(null))
                .user(user)
                .password(password.map(String::new).orElse(null))
                .ssl(settings.isUseSsl())
                .sslSocketFactory(settings.getSslSocketFactory().orElse(null))
                .sslParameters(settings.getSslParameters().orElse(null))
                .hostnameVerifier(settings.getHostnameVerifier().orElse(null));
    }

    private Duration readTimeout() {
        return settings.getReadTimeout();
    }

    private ConnectionPoolConfig pool() {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(MOST_CONNECTIONS);
        pool.setMaxIdle(MOST_CONNECTIONS);
        pool.setMaxWait(readTimeout());
        return pool;
    }

    private static Set<HostAndPort> hosts(Collection<RedisNode> nodes) {
        return nodes.stream()
                .map(node -> new HostAndPort(String.valueOf(node.getHost()), port(node)))
                .collect(Collectors.toSet());
    }

    private static int port(RedisNode node) {
        Integer port = node.getPort();
        return port == null ? RedisNode.DEFAULT_PORT : port;
    }
}
