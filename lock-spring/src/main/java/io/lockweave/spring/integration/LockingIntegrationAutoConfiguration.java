package io.lockweave.spring.integration;

import io.lockweave.spring.LockingAutoConfiguration;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.integration.support.locks.LockRegistry;

/** The backend {@code integration}, where Spring Integration is on the class path. */
@AutoConfiguration(before = LockingAutoConfiguration.class)
@ConditionalOnClass(LockRegistry.class)
public class LockingIntegrationAutoConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    LockRegistryBackendSource lockweaveRegistrySource(ListableBeanFactory beans) {
        return new LockRegistryBackendSource(beans);
    }
}
