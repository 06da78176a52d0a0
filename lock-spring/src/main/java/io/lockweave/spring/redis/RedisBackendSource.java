package io.lockweave.spring.redis;

import io.lockweave.LockUsageException;
import io.lockweave.redis.RedisBackend;
import io.lockweave.redis.RedisBackendFactory;
import io.lockweave.redis.RedisTransport;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackend;
import io.lockweave.spring.backend.BackendSource;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Redis through the clients of the application: a {@code RedissonClient}, or the connection factory of Spring Data
 * Redis with Lettuce or Jedis, which Boot makes from {@code spring.data.redis.*}. {@code lockweave.redis.uri} wins over
 * all of them.
 */
final class RedisBackendSource implements BackendSource {

    private static final String AUTO = "auto";

    /** Where a client may come from, the first one found is taken. */
    private enum Client {
        REDISSON("org.redisson.api.RedissonClient") {
            @Override
            Optional<LockBackend> open(ListableBeanFactory beans, BackendSettings settings) {
                return RedissonTransportFactory.transport(beans).map(transport -> backend(transport, settings));
            }
        },
        LETTUCE("org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory") {
            @Override
            Optional<LockBackend> open(ListableBeanFactory beans, BackendSettings settings) {
                return LettuceTransportFactory.transport(beans).map(transport -> backend(transport, settings));
            }
        },
        JEDIS("org.springframework.data.redis.connection.jedis.JedisConnectionFactory") {
            @Override
            Optional<LockBackend> open(ListableBeanFactory beans, BackendSettings settings) {
                return JedisTransportFactory.transport(beans).map(transport -> backend(transport, settings));
            }
        };

        private final String type;

        Client(String type) {
            this.type = type;
        }

        abstract Optional<LockBackend> open(ListableBeanFactory beans, BackendSettings settings);

        boolean isThere(ListableBeanFactory beans, String wanted) {
            ClassLoader loader = RedisBackendSource.class.getClassLoader();
            return (wanted.equals(AUTO) || wanted.equals(name().toLowerCase(Locale.ROOT)))
                    && ClassUtils.isPresent(type, loader)
                    && BeanFactoryUtils.beanNamesForTypeIncludingAncestors(
                                            beans, ClassUtils.resolveClassName(type, loader))
                                    .length
                            > 0;
        }
    }

    private final ListableBeanFactory beans;

    RedisBackendSource(ListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public String name() {
        return "redis";
    }

    @Override
    public boolean available(BackendSettings settings) {
        return settings.text("uri").isPresent() || clients(settings).findFirst().isPresent();
    }

    private Stream<Client> clients(BackendSettings settings) {
        String wanted = settings.oneOf("client", List.of(AUTO, "jedis", "redisson", "lettuce"));
        return Stream.of(Client.values()).filter(client -> client.isThere(beans, wanted));
    }

    @Override
    public LockBackend open(BackendSettings settings) {
        if (settings.text("uri").isPresent()) {
            return new RedisBackendFactory().create(settings);
        }
        return clients(settings)
                .flatMap(client -> client.open(beans, settings).stream())
                .findFirst()
                .orElseThrow(() -> new LockUsageException(
                        "lockweave.backend is redis, and none of the beans of a Redis client is the primary one",
                        "make one of them @Primary, or set lockweave.redis.uri"));
    }

    private static LockBackend backend(RedisTransport transport, BackendSettings settings) {
        RedisBackend backend = RedisBackend.builder(transport)
                .replicaAcks(settings.number("replica-acks", 0, 0))
                .replicaTimeout(settings.duration("replica-timeout", Duration.ofMillis(500)))
                .build();
        try {
            backend.check();
            return backend;
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }
}
