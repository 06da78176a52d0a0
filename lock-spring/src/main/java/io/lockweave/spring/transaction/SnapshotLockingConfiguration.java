package io.lockweave.spring.transaction;

import io.lockweave.config.LockweaveConfig;
import io.lockweave.spi.container.EntryCheck;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** Locks in transactions of JDBC. */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class SnapshotLockingConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    EntryCheck lockweaveStaleSnapshots(LockweaveConfig config) {
        return new StaleSnapshotCheck(StaleSnapshots.of(config));
    }
}
