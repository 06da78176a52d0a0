package io.lockweave.spring;

import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.util.function.SingletonSupplier;

/** {@code @LockedRow} through proxies of beans. */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class RowLocking {

    @Bean
    TransactionRowLocks lockweaveRowLocks(DataSource dataSource) {
        return new TransactionRowLocks(dataSource);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockedRowPostProcessor lockweaveLockedRows(
            ObjectProvider<TransactionRowLocks> locks, ConfigurableBeanFactory beans) {
        return new LockedRowPostProcessor(
                new LockedRowInterceptor(SingletonSupplier.of(locks::getObject), new BeanFactoryResolver(beans)));
    }
}
