package io.lockweave.spring;

import io.lockweave.jdbc.JdbcBackend;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A database as a backend, and locks of rows, where lock-jdbc is on the class path. */
@AutoConfiguration(
        before = LockingAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
@ConditionalOnClass({JdbcBackend.class, DataSource.class})
public class LockingJdbcAutoConfiguration {

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    JdbcSource lockweaveJdbcSource(ListableBeanFactory beans) {
        return new JdbcSource(beans);
    }

    /** Rows of the application's own tables. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({DataSourceUtils.class, TransactionSynchronizationManager.class})
    @ConditionalOnBean(DataSource.class)
    @EnableRowLocking
    static class OfRows {}
}
