package io.lockweave.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lockweave.LockKey;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locked;
import io.lockweave.Locks;
import io.lockweave.jdbc.RowLock;
import io.lockweave.spring.EnableLocking;
import io.lockweave.spring.row.EnableRowLocking;
import io.lockweave.spring.row.TransactionRowLocks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Locks and rows at the end of a transaction: after its commit, and at its timeout. */
@Timeout(60)
class TransactionEndsTest {

    private static final LockKey KEY = LockKey.of("user", "ann");

    @Configuration
    @EnableLocking
    @EnableRowLocking
    @EnableTransactionManagement
    static class Application {

        @Bean(destroyMethod = "dispose")
        JdbcConnectionPool dataSource() {
            return JdbcConnectionPool.create("jdbc:h2:mem:ends" + System.nanoTime() + ";LOCK_TIMEOUT=30000", "sa", "");
        }

        @Bean
        JdbcTemplate jdbc(DataSource dataSource) {
            JdbcTemplate jdbc = new JdbcTemplate(dataSource);
            jdbc.execute("create table article (id int primary key, stock int not null)");
            jdbc.execute("insert into article values (1, 0)");
            return jdbc;
        }

        @Bean
        PlatformTransactionManager transactionManager(DataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }

        @Bean
        Calls calls() {
            return new Calls();
        }
    }

    static class Calls {

        @Locked(name = "user", key = "'ann'", until = Locked.Until.TRANSACTION)
        public void untilTransaction() {}

        @Locked(name = "user", key = "'ann'")
        public void untilAuto() {}

        /** Has none of its own. */
        @Locked(name = "user", key = "'ann'", until = Locked.Until.TRANSACTION)
        @Transactional(propagation = Propagation.MANDATORY)
        public void inTheCallers() {}
    }

    static class BeginsItsOwn {

        @Locked(name = "user", key = "'ann'", until = Locked.Until.TRANSACTION)
        @Transactional
        public void call() {}
    }

    private AnnotationConfigApplicationContext context;
    private TransactionTemplate transactions;
    private TransactionRowLocks rows;
    private JdbcTemplate jdbc;

    @BeforeEach
    void start() {
        context = new AnnotationConfigApplicationContext(Application.class);
        transactions = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
        rows = context.getBean(TransactionRowLocks.class);
        jdbc = context.getBean(JdbcTemplate.class);
    }

    @AfterEach
    void stop() {
        context.close();
    }

    private List<Throwable> afterCommit(Runnable work) {
        List<Throwable> thrown = new ArrayList<>();
        transactions.executeWithoutResult(
                status -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        thrown.add(catchThrowable(work::run));
                    }
                }));
        return thrown;
    }

    @Test
    void after_the_commit_there_is_no_transaction_to_hold_a_lock_for() {
        Calls calls = context.getBean(Calls.class);
        Locks locks = context.getBean(Locks.class);
        assertThat(afterCommit(calls::untilTransaction))
                .singleElement()
                .isInstanceOfSatisfying(LockUsageException.class, e -> assertThat(e)
                        .hasMessageContaining("but no transaction is active"));
        assertThat(afterCommit(() -> rows.lock(RowLock.of("article", 1))))
                .singleElement()
                .isInstanceOf(LockUsageException.class);
        assertThat(afterCommit(() -> {
                    calls.untilAuto();
                    assertThat(locks.isLocked(KEY)).isFalse();
                }))
                .containsExactly((Throwable) null);
        transactions.executeWithoutResult(status -> {
            calls.inTheCallers();
            assertThat(locks.isLocked(KEY)).isTrue();
        });
        assertThat(locks.isLocked(KEY)).isFalse();
    }

    @Test
    void a_method_that_begins_its_own_transaction_cannot_hold_its_lock_for_the_callers() {
        assertThatThrownBy(() -> new AnnotationConfigApplicationContext(Application.class, BeginsItsOwn.class).close())
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("until = TRANSACTION of ")
                .hasMessageContaining("BeginsItsOwn.call()")
                .hasMessageContaining("To fix it: leave until as it is");
    }

    /** The database would let it wait for half a minute. */
    @Test
    void a_row_is_not_waited_for_longer_than_the_transaction_has_time() {
        TransactionTemplate hasASecond = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
        hasASecond.setTimeout(1);
        transactions.executeWithoutResult(status -> {
            rows.lock(RowLock.of("article", 1));
            assertThatThrownBy(() -> CompletableFuture.runAsync(() -> hasASecond.executeWithoutResult(
                                    other -> rows.lock(RowLock.of("article", 1).waitTime(Duration.ofMinutes(9)))))
                            .join())
                    .hasCauseInstanceOf(LockUnavailableException.class);
            assertThatThrownBy(() -> CompletableFuture.runAsync(
                                    () -> hasASecond.executeWithoutResult(other -> rows.lock(RowLock.of("article", 1))))
                            .join())
                    .hasCauseInstanceOf(LockUnavailableException.class);
        });
    }
}
