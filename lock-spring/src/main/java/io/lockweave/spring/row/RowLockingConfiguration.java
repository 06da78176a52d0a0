package io.lockweave.spring.row;

import io.lockweave.LockUsageException;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.util.function.SingletonSupplier;

/** {@code @LockedRow} through proxies of beans. */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class RowLockingConfiguration {

    /** Lazy, since an application with several data sources need not lock rows. One of its own wins. */
    @Bean
    @Lazy
    @Fallback
    TransactionRowLocks lockweaveRowLocks(ObjectProvider<DataSource> dataSources) {
        DataSource dataSource = dataSources.getIfUnique();
        if (dataSource == null) {
            throw new LockUsageException(
                    "Rows are to be locked, and the application has several beans of type DataSource or none",
                    "define a bean of type TransactionRowLocks with the one whose rows are locked, or make"
                            + " that one @Primary");
        }
        return new TransactionRowLocks(dataSource);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static LockedRowPostProcessor lockweaveLockedRows(
            ObjectProvider<TransactionRowLocks> locks, ConfigurableBeanFactory beans) {
        SingletonSupplier<TransactionRowLocks> once = SingletonSupplier.of(locks::getObject);
        return new LockedRowPostProcessor(new LockedRowInterceptor(once, new BeanFactoryResolver(beans)), once::obtain);
    }
}
