package io.lockweave.spring.actuate;

import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.spring.backend.ApplicationLocks;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** The actuator endpoint {@code locks}. As with any endpoint, HTTP shows it only if the application exposes it. */
@AutoConfiguration(after = LockingAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(ApplicationLocks.class)
public class LockingActuatorAutoConfiguration {

    @Bean
    @ConditionalOnAvailableEndpoint(endpoint = LocksEndpoint.class)
    @ConditionalOnProperty(name = "lockweave.endpoint.force-release", havingValue = "true")
    @ConditionalOnMissingBean(LocksEndpoint.class)
    LocksEndpoint freeingLocksEndpoint(ApplicationLocks locks) {
        return new FreeingLocksEndpoint(locks);
    }

    @Bean
    @ConditionalOnAvailableEndpoint(endpoint = LocksEndpoint.class)
    @ConditionalOnMissingBean(LocksEndpoint.class)
    LocksEndpoint locksEndpoint(ApplicationLocks locks) {
        return new LocksEndpoint(locks);
    }
}
