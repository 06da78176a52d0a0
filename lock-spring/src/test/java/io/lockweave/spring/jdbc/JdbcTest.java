package io.lockweave.spring.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.jdbc.LockedRow;
import io.lockweave.jdbc.MissingRowException;
import io.lockweave.jdbc.RowLock;
import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.spring.Points;
import io.lockweave.spring.Tenants;
import io.lockweave.spring.row.LockingRowAutoConfiguration;
import io.lockweave.spring.row.TransactionRowLocks;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** A database by the application's DataSource, and locks of its rows. */
class JdbcTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    LockingAutoConfiguration.class,
                    LockingJdbcAutoConfiguration.class,
                    LockingRowAutoConfiguration.class))
            .withUserConfiguration(Application.class);

    @Configuration
    @EnableTransactionManagement
    static class Application {

        @Bean(destroyMethod = "dispose")
        JdbcConnectionPool dataSource() {
            return JdbcConnectionPool.create("jdbc:h2:mem:rows" + System.nanoTime(), "sa", "");
        }

        @Bean
        JdbcTemplate jdbc(DataSource dataSource) {
            JdbcTemplate jdbc = new JdbcTemplate(dataSource);
            jdbc.execute("create table article (id int primary key, stock int not null)");
            jdbc.execute("insert into article values (1, 10), (2, 20)");
            return jdbc;
        }

        @Bean
        PlatformTransactionManager transactionManager(DataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }

        @Bean
        Articles articles() {
            return new Articles();
        }

        @Bean
        Points points() {
            return new Points();
        }

        @Bean
        Tenants tenants() {
            return new Tenants();
        }
    }

    /** Rows locked by annotation. */
    static class Articles {

        @Transactional
        @LockedRow(table = "article", key = "#id", waitTime = "0")
        public String change(int id, Runnable work) {
            work.run();
            return "changed " + id;
        }

        @Transactional
        @LockedRow(table = "article", key = "#ids")
        public int changeAll(List<Integer> ids) {
            return ids.size();
        }

        @LockedRow(table = "article", key = "#id")
        public void withoutTransaction(int id) {}

        public void nothing() {}
    }

    static class WrongKey {

        @LockedRow(table = "article", key = "#nr")
        public void change(int id) {}
    }

    static class OnPrivate {

        @LockedRow(table = "article", key = "#id")
        private void change(int id) {}
    }

    private static void inAnotherThread(Runnable work) {
        try {
            CompletableFuture.runAsync(work).join();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }

    @Test
    void the_applications_data_source_is_the_backend_when_nothing_else_is_said() {
        application.withPropertyValues("lockweave.jdbc.initialize-schema=true").run(context -> {
            Locks locks = context.getBean(Locks.class);
            assertThat(locks.backend()).isEqualTo("jdbc");
            assertThat(context.getBean(Points.class).add("ann")).isPositive();
            try (HeldLock held = locks.acquire(LockKey.of("user", "ann"))) {
                assertThat(context.getBean(JdbcTemplate.class)
                                .queryForObject("select count(*) from lockweave_lock", Integer.class))
                        .isPositive();
            }
        });
    }

    @Test
    void a_missing_table_stops_the_start_with_the_statement_that_creates_it() {
        application.run(context -> {
            assertThat(context).hasFailed();
            assertThat(context.getStartupFailure()).hasStackTraceContaining("create table");
        });
    }

    @Configuration
    static class TransactionAware {

        @Bean
        DataSource dataSource() {
            DataSource pool = JdbcConnectionPool.create("jdbc:h2:mem:aware" + System.nanoTime(), "sa", "");
            return new DelegatingDataSource(new TransactionAwareDataSourceProxy(pool));
        }
    }

    @Test
    void a_lock_inside_a_transaction_commits_nothing_of_it_whatever_proxy_the_data_source_is() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        LockingAutoConfiguration.class,
                        LockingJdbcAutoConfiguration.class,
                        LockingRowAutoConfiguration.class))
                .withUserConfiguration(TransactionAware.class)
                .withPropertyValues("lockweave.jdbc.initialize-schema=true")
                .run(context -> {
                    DataSource aware = ((DelegatingDataSource) context.getBean(DataSource.class)).getTargetDataSource();
                    JdbcTemplate jdbc = new JdbcTemplate(aware);
                    jdbc.execute("create table article (id int primary key)");
                    new TransactionTemplate(new DataSourceTransactionManager(aware))
                            .executeWithoutResult(transaction -> {
                                jdbc.update("insert into article values (1)");
                                context.getBean(Locks.class).run(LockKey.of("user", "ann"), () -> {});
                                transaction.setRollbackOnly();
                            });
                    assertThat(jdbc.queryForObject("select count(*) from article", Integer.class))
                            .isZero();
                });
    }

    @Test
    void a_data_source_can_be_named_and_a_wrong_name_stops_the_start() {
        application
                .withPropertyValues("lockweave.jdbc.initialize-schema=true", "lockweave.jdbc.data-source=dataSource")
                .run(context ->
                        assertThat(context.getBean(Locks.class).backend()).isEqualTo("jdbc"));
        application.withPropertyValues("lockweave.jdbc.data-source=nowhere").run(context -> assertThat(
                        context.getStartupFailure())
                .rootCause()
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("nowhere")
                .hasMessageContaining("use one of dataSource"));
    }

    private ApplicationContextRunner local() {
        return application.withPropertyValues("lockweave.backend=local");
    }

    @Test
    void a_locked_row_keeps_other_transactions_out_until_the_commit() {
        local().run(context -> {
            Articles articles = context.getBean(Articles.class);

            articles.change(1, () -> {
                assertThatThrownBy(() -> inAnotherThread(() -> articles.change(1, () -> {})))
                        .isInstanceOf(LockUnavailableException.class);
                inAnotherThread(() -> articles.change(2, () -> {}));
            });

            inAnotherThread(() -> articles.change(1, () -> {}));
            assertThat(articles.changeAll(List.of(2, 1, 2))).isEqualTo(3);
        });
    }

    @Test
    void a_row_that_is_not_there_and_a_call_without_a_transaction_are_errors() {
        local().run(context -> {
            Articles articles = context.getBean(Articles.class);

            assertThatThrownBy(() -> articles.change(99, () -> {})).isInstanceOf(MissingRowException.class);
            assertThatThrownBy(() -> articles.withoutTransaction(1))
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("no transaction is active");
        });
    }

    @Test
    void rows_are_locked_by_the_program_too() {
        local().run(context -> {
            TransactionRowLocks rows = context.getBean(TransactionRowLocks.class);
            Articles articles = context.getBean(Articles.class);

            articles.change(2, () -> {
                assertThat(rows.lock(RowLock.of("article", 1))).containsExactly(1);
                assertThatThrownBy(() -> inAnotherThread(() -> articles.change(1, () -> {})))
                        .isInstanceOf(LockUnavailableException.class);
            });
            assertThatThrownBy(() -> rows.lock(RowLock.of("article", 1))).isInstanceOf(LockUsageException.class);
        });
    }

    @Test
    void annotations_of_rows_are_checked_at_start_up() {
        local().withBean(WrongKey.class).run(context -> assertThat(context.getStartupFailure())
                .rootCause()
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("no parameter #nr"));
        local().withBean(OnPrivate.class).run(context -> assertThat(context.getStartupFailure())
                .rootCause()
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("no proxy can override"));
    }
}
