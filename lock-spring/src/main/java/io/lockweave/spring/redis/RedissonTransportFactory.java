package io.lockweave.spring.redis;

import io.lockweave.redis.RedisTransport;
import io.lockweave.redis.RedissonTransport;
import java.util.Optional;
import org.redisson.api.RedissonClient;
import org.springframework.beans.factory.ListableBeanFactory;

/** The application's {@link RedissonClient}. Loaded only where Redisson is. */
final class RedissonTransportFactory {

    private RedissonTransportFactory() {}

    static Optional<RedisTransport> transport(ListableBeanFactory beans) {
        return Optional.ofNullable(beans.getBeanProvider(RedissonClient.class).getIfUnique())
                .map(RedissonTransport::of);
    }
}
