package io.lockweave.spring.actuate;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * {@code management.health.locks.enabled}, else {@code management.health.defaults.enabled}, else true; for Spring Boot
 * 3.5.
 */
final class OnEnabledHealthCondition implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        Environment environment = context.getEnvironment();
        Boolean own = environment.getProperty("management.health.locks.enabled", Boolean.class);
        return own != null ? own : environment.getProperty("management.health.defaults.enabled", Boolean.class, true);
    }
}
