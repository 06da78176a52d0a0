package io.lockweave.spring.actuate;

import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.spring.backend.ApplicationLocks;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;

/**
 * The health indicator {@code locks} of Spring Boot 3.5; {@code management.health.locks.enabled = false} leaves it out.
 */
@AutoConfiguration(after = LockingAutoConfiguration.class)
@ConditionalOnClass(name = Boot35Health.INDICATOR)
@ConditionalOnBean(ApplicationLocks.class)
@Conditional(OnEnabledHealthCondition.class)
@Import(Boot35HealthRegistrar.class)
public class LockingBoot35HealthAutoConfiguration {}
