package io.lockweave.spring.reactor;

import io.lockweave.spi.container.ResultType;
import io.lockweave.spring.transaction.ReactorTransactions;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.ReactiveAdapterRegistry;

/** {@code @Locked} methods that return Reactor's types, or those of other reactive libraries. */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class ReactorLockingConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    ResultType lockweaveReactorResults(ObjectProvider<ReactorTransactions> transactions) {
        return new ReactorResult(transactions.getIfAvailable());
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    ResultType lockweaveReactiveResults(ObjectProvider<ReactorTransactions> transactions) {
        return new AdaptedResult(
                new ReactorResult(transactions.getIfAvailable()), ReactiveAdapterRegistry.getSharedInstance());
    }
}
