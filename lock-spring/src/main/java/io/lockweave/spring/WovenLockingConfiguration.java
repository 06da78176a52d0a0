package io.lockweave.spring;

import io.lockweave.spi.container.LockEnvironment;
import io.lockweave.spring.aop.PlacementRule;
import io.lockweave.spring.aop.WovenLocks;
import io.lockweave.spring.aop.WovenPlacement;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** {@code @Locked} in classes woven by AspectJ, which use the locks of the application. */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class WovenLockingConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static WovenLocks lockweaveWovenLocks(ObjectProvider<LockEnvironment> environment, ApplicationContext context) {
        return new WovenLocks(environment, context);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    PlacementRule lockweaveWovenPlacement() {
        return new WovenPlacement();
    }
}
