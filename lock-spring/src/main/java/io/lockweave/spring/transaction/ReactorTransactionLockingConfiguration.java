package io.lockweave.spring.transaction;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** Locks and Spring's reactive transactions. */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class ReactorTransactionLockingConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    ReactorTransactions lockweaveReactorTransactions() {
        return new SpringReactorTransactions();
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static ReactorCommitPostProcessor lockweaveReactorCommits() {
        return new ReactorCommitPostProcessor();
    }
}
