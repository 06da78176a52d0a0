package io.lockweave.spring.actuate;

import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.spring.backend.ApplicationLocks;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * The health indicator {@code locks} of Spring Boot 4; {@code management.health.locks.enabled = false} leaves it out.
 */
@AutoConfiguration(after = LockingAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnEnabledHealthIndicator("locks")
@ConditionalOnBean(ApplicationLocks.class)
public class LockingHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "locksHealthIndicator")
    HealthIndicator locksHealthIndicator(ApplicationLocks locks) {
        return new LocksHealth(() -> locks.get(""));
    }
}
