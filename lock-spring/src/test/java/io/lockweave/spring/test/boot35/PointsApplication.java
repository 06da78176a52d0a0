package io.lockweave.spring.test.boot35;

import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.spring.jdbc.LockingJdbcAutoConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration;
import org.springframework.context.annotation.Import;

/** An application with a database, and with locks in that database unless it is under test. */
@SpringBootConfiguration
@ImportAutoConfiguration({
    AopAutoConfiguration.class,
    DataSourceAutoConfiguration.class,
    DataSourceTransactionManagerAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class,
    LockingAutoConfiguration.class,
    LockingJdbcAutoConfiguration.class,
    TransactionAutoConfiguration.class
})
@Import(PointsService.class)
class PointsApplication {}
