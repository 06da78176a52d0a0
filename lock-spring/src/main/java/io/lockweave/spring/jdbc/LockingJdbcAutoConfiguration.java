package io.lockweave.spring.jdbc;

import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.spring.LockingAutoConfiguration;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;

/** A database as a backend, where lock-jdbc is on the class path. */
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
    JdbcBackendSource lockweaveJdbcSource(ListableBeanFactory beans) {
        return new JdbcBackendSource(beans);
    }
}
