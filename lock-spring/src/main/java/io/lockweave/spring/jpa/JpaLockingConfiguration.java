package io.lockweave.spring.jpa;

import io.lockweave.config.LockweaveConfig;
import io.lockweave.spi.container.EntryCheck;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** Locks and JPA's entities. */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class JpaLockingConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    EntryCheck lockweaveStaleEntities(LockweaveConfig config, ListableBeanFactory beans) {
        return new StaleEntityCheck(StaleEntities.of(config), new EntityTypes(beans));
    }
}
