package io.lockweave.spring.redis;

import io.lockweave.redis.RedisBackend;
import io.lockweave.spring.LockingAutoConfiguration;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;

/** Redis as a backend, where lock-redis is on the class path. */
@AutoConfiguration(before = LockingAutoConfiguration.class)
@ConditionalOnClass(RedisBackend.class)
public class LockingRedisAutoConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    RedisBackendSource lockweaveRedisSource(ListableBeanFactory beans) {
        return new RedisBackendSource(beans);
    }
}
