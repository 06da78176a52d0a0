package io.lockweave.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.spi.LockBackend;
import io.lockweave.spi.LockStore;
import io.lockweave.spring.EnableLocking;
import java.time.Duration;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import reactor.core.publisher.Mono;

/** A reactive transaction under a lock has its release awaited, although releases are sent. */
@Timeout(60)
class SentReleaseReactiveTest {

    private static final LockKey LEDGER = LockKey.of("ledger", 1).in("lockweave");
    private static final Duration SOON = Duration.ofSeconds(10);

    @Configuration
    @EnableLocking
    @EnableTransactionManagement
    static class Application {

        @Bean(destroyMethod = "dispose")
        JdbcConnectionPool database() {
            return JdbcConnectionPool.create("jdbc:h2:mem:sent" + System.nanoTime() + ";DB_CLOSE_DELAY=-1", "sa", "");
        }

        @Bean
        LockBackend store(JdbcConnectionPool database) {
            return JdbcBackend.lease(database).initializeSchema(true).build();
        }

        @Bean
        RecordedTransactions transactionManager() {
            return new RecordedTransactions();
        }

        @Bean
        ReactiveLedger ledger() {
            return new ReactiveLedger();
        }
    }

    private AnnotationConfigApplicationContext context;
    private RecordedTransactions transactions;
    private ReactiveLedger ledger;
    private LockStore store;

    @BeforeEach
    void start() {
        context = new AnnotationConfigApplicationContext();
        TestPropertyValues.of("lockweave.release=sent").applyTo(context);
        context.register(Application.class);
        context.refresh();
        transactions = context.getBean(RecordedTransactions.class);
        ledger = context.getBean(ReactiveLedger.class);
        store = context.getBean(LockStore.class);
    }

    @AfterEach
    void stop() {
        context.close();
    }

    @Test
    void the_caller_hears_of_a_lock_that_was_lost_while_the_transaction_committed() {
        transactions.onCommit = this::takeAway;

        assertThatThrownBy(() -> ledger.write(Mono.just("written")).block(SOON)).isInstanceOf(LockLostException.class);
        assertThatThrownBy(() -> ledger.writeAll(Mono.just("written").flux()).blockLast(SOON))
                .isInstanceOf(LockLostException.class);

        assertThat(transactions.outcomes).containsExactly("commit 1", "commit 2");
    }

    @Test
    void without_a_transaction_the_release_is_sent() {
        assertThat(ledger.locked(Mono.fromCallable(() -> {
                            takeAway();
                            return "written";
                        }))
                        .block(SOON))
                .isEqualTo("written");
    }

    private void takeAway() {
        assertThat(store.find(LEDGER)).as("held").isPresent();
        assertThat(store.forceRelease(LEDGER)).isTrue();
    }
}
