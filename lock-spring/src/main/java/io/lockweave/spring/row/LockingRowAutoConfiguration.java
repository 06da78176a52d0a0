package io.lockweave.spring.row;

import io.lockweave.jdbc.LockedRow;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Locks of rows of the application's own tables, where lock-jdbc, spring-jdbc and a {@code DataSource} are there. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
@ConditionalOnClass({LockedRow.class, DataSource.class, DataSourceUtils.class, TransactionSynchronizationManager.class})
@ConditionalOnBean(DataSource.class)
@EnableRowLocking
public class LockingRowAutoConfiguration {}
