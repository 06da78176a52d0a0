package io.lockweave.spring.transaction;

import io.lockweave.spring.aop.PlacementRule;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** Locks and Spring's transactions. */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class TransactionLockingConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    SpringTransactions lockweaveTransactions() {
        return new SpringTransactions();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static TransactionManagers lockweaveTransactionManagers(ConfigurableListableBeanFactory beans) {
        return new TransactionManagers(beans);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    PlacementRule lockweaveTransactionOrder(ConfigurableListableBeanFactory beans) {
        return new TransactionOrder(beans);
    }
}
