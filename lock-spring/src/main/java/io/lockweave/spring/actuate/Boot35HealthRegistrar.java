package io.lockweave.spring.actuate;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.type.AnnotationMetadata;

/** Registers {@link Boot35Health} and says what it makes, so that it is found by type before it is made. */
final class Boot35HealthRegistrar implements ImportBeanDefinitionRegistrar {

    private static final String NAME = "locksHealthIndicator";

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        if (!registry.containsBeanDefinition(NAME)) {
            RootBeanDefinition definition = new RootBeanDefinition(Boot35Health.class);
            definition.setAttribute(FactoryBean.OBJECT_TYPE_ATTRIBUTE, Boot35Health.type(Boot35Health.INDICATOR));
            registry.registerBeanDefinition(NAME, definition);
        }
    }
}
