package io.lockweave.spring;

import io.lockweave.LockListener;
import io.lockweave.Locks;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.invoke.ConfiguredEnvironment;
import io.lockweave.invoke.LockedInvoker;
import io.lockweave.spi.container.EntryCheck;
import io.lockweave.spi.container.LockEnvironment;
import io.lockweave.spi.container.ResultType;
import io.lockweave.spi.container.TransactionBoundary;
import io.lockweave.spring.aop.PlacementRule;
import io.lockweave.spring.aop.StartupCheck;
import io.lockweave.spring.backend.AcquisitionListener;
import io.lockweave.spring.backend.ApplicationLocks;
import io.lockweave.spring.backend.BackendSource;
import io.lockweave.spring.backend.ControlledAcquisitions;
import io.lockweave.spring.backend.EnvironmentProperties;
import io.lockweave.spring.backend.OnLocalOnlyCondition;
import io.lockweave.spring.backend.OnMissingLocksCondition;
import io.lockweave.spring.backend.OwnBeans;
import io.lockweave.spring.backend.SpringSettings;
import io.lockweave.spring.test.LockControl;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;

/** The locks of an application, whoever intercepts its methods. */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class LockingConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    LockweaveConfig lockweaveConfig(
            ConfigurableEnvironment environment,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<BackendSource> sources) {
        LockweaveConfig config =
                LockweaveConfig.of(new EnvironmentProperties(environment, beans, OwnBeans.names(beans, sources)));
        SpringSettings.check(config);
        return config;
    }

    @Bean(destroyMethod = "close")
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    ApplicationLocks lockweaveApplicationLocks(
            LockweaveConfig config,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<BackendSource> sources,
            ObjectProvider<LockListener> listeners,
            ObjectProvider<AcquisitionListener> companions) {
        return new ApplicationLocks(
                config,
                new OwnBeans(beans),
                sources.orderedStream().toList(),
                listeners.orderedStream().toList(),
                companions.orderedStream().toList());
    }

    /** How a test makes locks busy and lost. */
    @Bean
    @Conditional(OnLocalOnlyCondition.class)
    LockControl lockweaveControl() {
        return new LockControl();
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @Conditional(OnLocalOnlyCondition.class)
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    AcquisitionListener lockweaveControlled(LockControl control) {
        return new ControlledAcquisitions(control);
    }

    /** The locks of the primary backend, for injection. Closed with all others by {@link ApplicationLocks}. */
    @Bean(name = OwnBeans.LOCKS, destroyMethod = "")
    @Conditional(OnMissingLocksCondition.class)
    Locks lockweaveLocks(ApplicationLocks locks) {
        return locks.get("");
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    LockEnvironment lockweaveEnvironment(
            LockweaveConfig config, ApplicationLocks locks, ConfigurableListableBeanFactory beans) {
        return new ConfiguredEnvironment(
                config,
                locks::get,
                beans.getBeanProvider(TransactionBoundary.class).getIfAvailable(),
                beans.getBeanProvider(ResultType.class).orderedStream().toList(),
                beans.getBeanProvider(EntryCheck.class).orderedStream().toList(),
                new BeanFactoryResolver(beans));
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    LockedInvoker lockweaveInvoker(LockEnvironment environment) {
        return new LockedInvoker(environment);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    StartupCheck lockweaveStartupCheck(
            ConfigurableListableBeanFactory beans,
            LockedInvoker invoker,
            ObjectProvider<PlacementRule> rules,
            ApplicationLocks locks,
            LockweaveConfig config) {
        locks.get("");
        return new StartupCheck(beans, invoker, rules.orderedStream().toList(), config);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    LocksLifecycle lockweaveLifecycle(ApplicationLocks locks, ApplicationContext context) {
        return new LocksLifecycle(locks, context);
    }
}
