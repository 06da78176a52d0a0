package io.lockweave.spring.backend;

import io.lockweave.Locks;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Holds if the application has no {@link Locks} of its own. Works without Spring Boot.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class OnMissingLocksCondition implements ConfigurationCondition {

    @Override
    public ConfigurationPhase getConfigurationPhase() {
        return ConfigurationPhase.REGISTER_BEAN;
    }

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        return beans != null && new OwnBeans(beans).noLocksHere();
    }
}
