package io.lockweave.spring;

import io.lockweave.LockUsageException;
import io.lockweave.spi.BackendSettings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration.WithAuthentication;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

/**
 * The address in the application's {@link JedisConnectionFactory}. Its pool cannot be shared, so locks get connections of
 * their own to the same servers. Loaded only where Spring Data Redis and Jedis are.
 */
final class JedisBean {

    private JedisBean() {}

    static Optional<BackendSettings> settings(ListableBeanFactory beans, BackendSettings settings) {
        return Optional.ofNullable(
                        beans.getBeanProvider(JedisConnectionFactory.class).getIfUnique())
                .map(factory -> new At(uri(factory), settings));
    }

    private static String uri(JedisConnectionFactory factory) {
        String scheme = factory.isUseSsl() ? "rediss" : "redis";
        RedisSentinelConfiguration sentinel = factory.getSentinelConfiguration();
        if (sentinel != null) {
            String master =
                    sentinel.getMaster() == null ? null : sentinel.getMaster().getName();
            return scheme + "-sentinel://" + login(sentinel) + nodes(sentinel.getSentinels()) + "/"
                    + sentinel.getDatabase() + "#" + master;
        }
        RedisClusterConfiguration cluster = factory.getClusterConfiguration();
        if (cluster != null) {
            return scheme + "-cluster://" + login(cluster) + nodes(cluster.getClusterNodes());
        }
        RedisStandaloneConfiguration one = factory.getStandaloneConfiguration();
        if (one == null) {
            throw new LockUsageException(
                    "The JedisConnectionFactory says neither host, nor Sentinels, nor a Cluster",
                    "set lockweave.redis.uri");
        }
        return scheme + "://" + login(one) + one.getHostName() + ":" + one.getPort() + "/" + one.getDatabase();
    }

    private static String login(WithAuthentication configuration) {
        String password = configuration.getPassword().map(String::new).orElse(null);
        return password == null ? "" : encoded(configuration.getUsername()) + ":" + encoded(password) + "@";
    }

    private static String nodes(Collection<RedisNode> nodes) {
        return nodes.stream().map(node -> node.getHost() + ":" + node.getPort()).collect(Collectors.joining(","));
    }

    private static String encoded(@Nullable String text) {
        return text == null
                ? ""
                : URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The settings, with this address and for Jedis. */
    private record At(String uri, BackendSettings settings) implements BackendSettings {

        @Override
        public Optional<String> text(String property) {
            return property.equals("uri") ? Optional.of(uri) : settings.text(property);
        }

        @Override
        public int number(String property, int least, int otherwise) {
            return settings.number(property, least, otherwise);
        }

        @Override
        public boolean flag(String property, boolean otherwise) {
            return settings.flag(property, otherwise);
        }

        @Override
        public Duration duration(String property, Duration otherwise) {
            return settings.duration(property, otherwise);
        }

        @Override
        public String oneOf(String property, List<String> words) {
            return property.equals("client") ? "jedis" : settings.oneOf(property, words);
        }
    }
}
