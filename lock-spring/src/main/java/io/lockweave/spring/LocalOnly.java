package io.lockweave.spring;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Holds in tests: {@code lockweave.test.local-only = true}. Works without Spring Boot. */
final class LocalOnly implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return context.getEnvironment()
                .getProperty("lockweave.test.local-only", "false")
                .strip()
                .equalsIgnoreCase("true");
    }
}
