package io.lockweave.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.spring.EnableLocking;
import io.lockweave.spring.aop.LockedInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The lock outside, the transaction inside. */
class TransactionTest {

    private static final LockKey ACCOUNT = LockKey.of("account", 1);

    @Configuration
    @EnableLocking
    @EnableTransactionManagement
    static class Application {

        @Bean(destroyMethod = "dispose")
        JdbcConnectionPool dataSource() {
            return JdbcConnectionPool.create("jdbc:h2:mem:accounts" + System.nanoTime() + ";LOCK_MODE=3", "sa", "");
        }

        @Bean
        JdbcTemplate jdbc(DataSource dataSource) {
            JdbcTemplate jdbc = new JdbcTemplate(dataSource);
            jdbc.execute("create table account (id int primary key, points int not null)");
            jdbc.execute("insert into account values (1, 0)");
            return jdbc;
        }

        @Bean
        SlowToCommit transactionManager(DataSource dataSource) {
            return new SlowToCommit(dataSource);
        }

        @Bean
        Accounts accounts(JdbcTemplate jdbc) {
            return new Accounts(jdbc);
        }

        @Bean
        AfterCommit afterCommit(Locks locks) {
            return new AfterCommit(locks);
        }
    }

    @Configuration
    @EnableLocking
    @EnableTransactionManagement(order = Ordered.HIGHEST_PRECEDENCE)
    static class Reversed {

        @Bean
        TransactionManager transactionManager() {
            return new DataSourceTransactionManager(JdbcConnectionPool.create("jdbc:h2:mem:reversed", "sa", ""));
        }

        @Bean
        Accounts accounts() {
            return new Accounts(new JdbcTemplate());
        }
    }

    /** Commits when it is told to, or after a moment that is long enough for whoever is not kept out. */
    static final class SlowToCommit extends DataSourceTransactionManager {

        private static final long serialVersionUID = 1L;

        private transient volatile Runnable beforeCommit = () -> {};

        SlowToCommit(DataSource dataSource) {
            super(dataSource);
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            beforeCommit.run();
            super.doCommit(status);
        }
    }

    /** Hears of commits. */
    static final class AfterCommit {

        private final Locks locks;
        private final List<Boolean> lockedThen = new ArrayList<>();

        AfterCommit(Locks locks) {
            this.locks = locks;
        }

        @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
        public void on(String event) {
            lockedThen.add(locks.isLocked(ACCOUNT));
        }
    }

    private AnnotationConfigApplicationContext context;
    private Accounts accounts;
    private Locks locks;

    @BeforeEach
    void start() {
        context = new AnnotationConfigApplicationContext(Application.class);
        accounts = context.getBean(Accounts.class);
        locks = context.getBean(Locks.class);
    }

    @AfterEach
    void stop() {
        context.close();
    }

    @Test
    void nobody_enters_between_the_release_and_the_commit() throws Exception {
        assertThat(twoAtOnce(accounts::add)).isEqualTo(2);
    }

    /** The same race with the interceptors the other way round shows that the test above can fail. */
    @Test
    void with_the_transaction_outside_the_second_reads_what_the_first_is_about_to_change() throws Exception {
        Accounts target = (Accounts) org.springframework.test.util.AopTestUtils.getTargetObject(accounts);
        ProxyFactory reversed = new ProxyFactory(target);
        TransactionInterceptor transactions = new TransactionInterceptor(
                (TransactionManager) context.getBean(SlowToCommit.class), new AnnotationTransactionAttributeSource());
        reversed.addAdvice(transactions);
        reversed.addAdvice(new LockedInterceptor(() -> untilReturn(context)));
        Accounts wrong = (Accounts) reversed.getProxy();

        assertThat(twoAtOnce(wrong::add)).isEqualTo(1);
    }

    /** Without the boundary the lock ends with the method, as it does where nothing knows of transactions. */
    private static io.lockweave.invoke.LockedInvoker untilReturn(AnnotationConfigApplicationContext context) {
        Locks locks = context.getBean(Locks.class);
        return new io.lockweave.invoke.LockedInvoker(new io.lockweave.spi.container.LockEnvironment() {
            @Override
            public Locks locks(String backend) {
                return locks;
            }

            @Override
            public io.lockweave.spi.container.NameSettings settings(String name) {
                return io.lockweave.spi.container.NameSettings.NONE;
            }

            @Override
            public io.lockweave.spi.container.Placeholders placeholders() {
                return (place, text) -> text;
            }
        });
    }

    /**
     * Two calls at once, the first one's commit held up until the second has read, if it can; the points afterwards.
     */
    private int twoAtOnce(java.util.concurrent.Callable<Integer> add) throws Exception {
        CountDownLatch firstCommits = new CountDownLatch(1);
        CountDownLatch secondDone = new CountDownLatch(1);
        context.getBean(SlowToCommit.class).beforeCommit = () -> {
            if (firstCommits.getCount() == 1) {
                firstCommits.countDown();
                await(secondDone, 500);
            } else {
                secondDone.countDown();
                await(new CountDownLatch(1), 50);
            }
        };
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> call(add));
        assertThat(firstCommits.await(5, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Integer> second = CompletableFuture.supplyAsync(() -> call(add));
        first.get(5, TimeUnit.SECONDS);
        second.get(5, TimeUnit.SECONDS);
        return accounts.points();
    }

    private static <T> T call(java.util.concurrent.Callable<T> task) {
        try {
            return task.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch, long millis) {
        try {
            latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void the_reversed_order_is_refused_at_start_up() {
        assertThatThrownBy(() -> new AnnotationConfigApplicationContext(Reversed.class))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("Bean \"accounts\"")
                .hasMessageContaining("inside of the method's transaction")
                .hasMessageContaining("@EnableTransactionManagement");
    }

    @Test
    void a_transaction_whose_lock_was_lost_rolls_back() {
        assertThatThrownBy(() -> accounts.addAnd(() -> locks.forceRelease(ACCOUNT)))
                .isInstanceOf(LockLostException.class);

        assertThat(accounts.points()).isZero();
    }

    @Test
    void a_transaction_that_only_warns_of_a_lost_lock_commits() {
        accounts.addAndOnlyWarn(() -> locks.forceRelease(ACCOUNT));

        assertThat(accounts.points()).isEqualTo(1);
    }

    @Test
    void a_new_transaction_inside_rolls_back_too_when_the_lock_around_it_was_lost() {
        TransactionTemplate inner = new TransactionTemplate(context.getBean(SlowToCommit.class));
        inner.setPropagationBehavior(TransactionTemplate.PROPAGATION_REQUIRES_NEW);

        assertThatThrownBy(() -> accounts.addAnd(() -> inner.execute(status -> {
                    context.getBean(JdbcTemplate.class).update("insert into account values (2, 7)");
                    locks.forceRelease(ACCOUNT);
                    return null;
                })))
                .isInstanceOf(LockLostException.class);
        assertThat(context.getBean(JdbcTemplate.class)
                        .queryForObject("select count(*) from account where id = 2", Integer.class))
                .isZero();
        assertThat(accounts.points()).isZero();
    }

    @Test
    void in_a_transaction_that_is_active_already_the_lock_is_held_until_it_has_ended() {
        accounts.inTransaction(() -> {
            accounts.lock();
            assertThat(locks.isLocked(ACCOUNT)).isTrue();
        });
        assertThat(locks.isLocked(ACCOUNT)).isFalse();

        assertThatThrownBy(() -> accounts.inTransaction(() -> {
                    accounts.lock();
                    throw new IllegalStateException("rolls back");
                }))
                .hasMessage("rolls back");
        assertThat(locks.isLocked(ACCOUNT)).isFalse();
    }

    @Test
    void a_lock_until_return_ends_before_the_transaction_around_it() {
        accounts.inTransaction(() -> {
            accounts.lockUntilReturn();
            assertThat(locks.isLocked(ACCOUNT)).isFalse();
        });
    }

    @Test
    void a_lock_until_transaction_needs_one() {
        assertThatThrownBy(() -> accounts.lockUntilTransaction())
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("no transaction is active");
        accounts.inTransaction(() -> accounts.lockUntilTransaction());
    }

    @Test
    void a_lock_held_for_a_transaction_and_lost_makes_it_roll_back() {
        assertThatThrownBy(() -> accounts.inTransaction(() -> {
                    accounts.addAnd(() -> 0);
                    locks.forceRelease(ACCOUNT);
                }))
                .isInstanceOf(LockLostException.class);

        assertThat(accounts.points()).isZero();
    }

    @Test
    void a_lock_around_a_new_transaction_inside_another_is_held_until_the_outer_one_ends() {
        accounts.inTransaction(() -> {
            accounts.addInNew(() -> assertThat(locks.isLocked(ACCOUNT)).isTrue());
            assertThat(accounts.points()).isEqualTo(1);
            assertThat(locks.isLocked(ACCOUNT)).isTrue();
        });
        assertThat(locks.isLocked(ACCOUNT)).isFalse();
    }

    @Test
    void listeners_of_the_commit_run_before_the_lock_is_given_back() {
        accounts.addAnd(() -> {
            context.publishEvent("changed");
            return 0;
        });

        assertThat(context.getBean(AfterCommit.class).lockedThen).containsExactly(true);
    }

    @Test
    void listeners_of_the_commit_run_locked_also_in_a_transaction_around() {
        accounts.inTransaction(() -> {
            accounts.lock();
            context.publishEvent("changed");
        });

        assertThat(context.getBean(AfterCommit.class).lockedThen).containsExactly(true);
    }

    @Test
    void a_lock_taken_before_the_commit_and_lost_makes_it_roll_back() {
        assertThatThrownBy(() -> accounts.inTransaction(() -> {
                    accounts.addUnlocked();
                    TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                        @Override
                        public void beforeCommit(boolean readOnly) {
                            accounts.lock();
                            locks.forceRelease(ACCOUNT);
                        }
                    });
                }))
                .isInstanceOf(LockLostException.class);

        assertThat(accounts.points()).isZero();
    }
}
