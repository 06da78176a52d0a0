package io.lockweave.spring.backend;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Holds in tests: {@code lockweave.test.local-only = true}. Works without Spring Boot.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class OnLocalOnlyCondition implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return context.getEnvironment()
                .getProperty("lockweave.test.local-only", "false")
                .strip()
                .equalsIgnoreCase("true");
    }
}
