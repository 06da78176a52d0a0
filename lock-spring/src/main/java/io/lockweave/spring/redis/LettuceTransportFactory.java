package io.lockweave.spring.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lockweave.LockUsageException;
import io.lockweave.redis.LettuceTransport;
import io.lockweave.redis.RedisTransport;
import java.util.Optional;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The Lettuce client in the application's {@link LettuceConnectionFactory}, with its address, login, TLS and threads.
 * Loaded only where Spring Data Redis and Lettuce are.
 */
final class LettuceTransportFactory {

    private LettuceTransportFactory() {}

    static Optional<RedisTransport> transport(ListableBeanFactory beans) {
        return Optional.ofNullable(
                        beans.getBeanProvider(LettuceConnectionFactory.class).getIfUnique())
                .map(LettuceTransportFactory::over);
    }

    private static RedisTransport over(LettuceConnectionFactory factory) {
        AbstractRedisClient client = factory.getRequiredNativeClient();
        if (client instanceof RedisClusterClient cluster) {
            return LettuceTransport.of(cluster);
        }
        if (client instanceof RedisClient single) {
            return LettuceTransport.of(single);
        }
        throw new LockUsageException(
                "Lockweave does not know the Lettuce client "
                        + client.getClass().getName(),
                "set lockweave.redis.uri to connect on its own");
    }
}
