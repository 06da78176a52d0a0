package io.lockweave.spring.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lockweave.LockKey;
import io.lockweave.LockLostException;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.spring.EnableLocking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** The lock outside, the reactive transaction inside. */
@Timeout(60)
class ReactiveTransactionTest {

    private static final LockKey LEDGER = LockKey.of("ledger", 1);
    private static final Duration SOON = Duration.ofSeconds(10);

    @Configuration
    @EnableLocking
    @EnableTransactionManagement
    static class Application {

        @Bean
        RecordedTransactions transactionManager() {
            return new RecordedTransactions();
        }

        @Bean
        TransactionalOperator operator(ReactiveTransactionManager transactions) {
            return TransactionalOperator.create(transactions);
        }

        @Bean
        ReactiveLedger ledger() {
            return new ReactiveLedger();
        }
    }

    private AnnotationConfigApplicationContext context;
    private RecordedTransactions transactions;
    private TransactionalOperator operator;
    private ReactiveLedger ledger;
    private Locks locks;

    @BeforeEach
    void start() {
        context = new AnnotationConfigApplicationContext(Application.class);
        transactions = context.getBean(RecordedTransactions.class);
        operator = context.getBean(TransactionalOperator.class);
        ledger = context.getBean(ReactiveLedger.class);
        locks = context.getBean(Locks.class);
    }

    @AfterEach
    void stop() {
        context.close();
    }

    /** Loses the lock on a thread that nothing here knows of. */
    private Mono<String> lose() {
        return Mono.fromCallable(() -> {
                    locks.forceRelease(LEDGER);
                    return "lost";
                })
                .subscribeOn(Schedulers.boundedElastic());
    }

    private void eventuallyFree() {
        await().atMost(SOON).until(() -> !locks.isLocked(LEDGER));
    }

    @Test
    void the_lock_is_held_until_after_the_commit() {
        List<Boolean> locked = new ArrayList<>();
        transactions.onCommit = () -> locked.add(locks.isLocked(LEDGER));

        assertThat(ledger.write(Mono.just("written")).block(SOON)).isEqualTo("written");

        assertThat(locked).containsExactly(true);
        assertThat(transactions.outcomes).containsExactly("commit 1");
        eventuallyFree();
    }

    @Test
    void a_transaction_whose_lock_was_lost_rolls_back() {
        assertThatThrownBy(() -> ledger.write(lose()).block(SOON)).isInstanceOf(LockLostException.class);
        assertThatThrownBy(() -> ledger.writeAll(lose().flux()).blockLast(SOON)).isInstanceOf(LockLostException.class);

        assertThat(transactions.outcomes).containsExactly("rollback 1", "rollback 2");
    }

    @Test
    void a_transaction_that_only_warns_of_a_lost_lock_commits() {
        ledger.writeAndOnlyWarn(lose()).block(SOON);

        assertThat(transactions.outcomes).containsExactly("commit 1");
    }

    @Test
    void transactions_of_the_program_inside_of_a_lock_roll_back_when_it_was_lost() {
        assertThatThrownBy(() -> ledger.locked(operator.transactional(lose())).block(SOON))
                .isInstanceOf(LockLostException.class);
        assertThatThrownBy(
                        () -> ledger.locked(operator.execute(status -> lose()).collectList())
                                .block(SOON))
                .isInstanceOf(LockLostException.class);
        assertThatThrownBy(() ->
                        ledger.lockedAll(operator.transactional(lose().flux())).blockLast(SOON))
                .isInstanceOf(LockLostException.class);

        assertThat(transactions.outcomes).containsExactly("rollback 1", "rollback 2", "rollback 3");
    }

    @Test
    void of_two_locks_around_a_transaction_either_vetoes() {
        ReactiveLedger other = context.getBean(ReactiveLedger.class);

        assertThatThrownBy(() -> ledger.locked(other.locked(ledger.inTransaction(lose())))
                        .block(SOON))
                .isInstanceOf(LockLostException.class);

        assertThat(transactions.outcomes).containsExactly("rollback 1");
    }

    @Test
    void in_a_transaction_that_is_active_already_the_lock_is_held_until_it_has_ended() {
        List<Boolean> locked = new ArrayList<>();
        transactions.onCommit = () -> locked.add(locks.isLocked(LEDGER));

        ledger.inTransaction(ledger.locked(Mono.just("x")).doOnNext(x -> locked.add(locks.isLocked(LEDGER))))
                .block(SOON);

        assertThat(locked).containsExactly(true, true);
        eventuallyFree();
        assertThatThrownBy(
                        () -> ledger.inTransaction(ledger.locked(Mono.error(new IllegalStateException("rolls back"))))
                                .block(SOON))
                .hasMessage("rolls back");
        eventuallyFree();
        assertThat(transactions.outcomes).containsExactly("commit 1", "rollback 2");
    }

    @Test
    void who_hears_of_the_commit_is_still_under_the_lock() {
        List<Boolean> locked = new ArrayList<>();
        Mono<Void> listening = TransactionSynchronizationManager.forCurrentTransaction()
                .doOnNext(current -> current.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public Mono<Void> afterCompletion(int status) {
                        return Mono.fromRunnable(() -> locked.add(locks.isLocked(LEDGER)));
                    }
                }))
                .then();

        ledger.inTransaction(ledger.locked(Mono.just("x")).then(listening)).block(SOON);

        assertThat(locked).containsExactly(true);
        eventuallyFree();
    }

    @Test
    void a_lock_held_for_a_transaction_and_lost_makes_it_roll_back() {
        assertThatThrownBy(
                        () -> ledger.inTransaction(ledger.locked(Mono.just("x")).then(lose()))
                                .block(SOON))
                .isInstanceOf(LockLostException.class);

        assertThat(transactions.outcomes).containsExactly("rollback 1");
    }

    @Test
    void one_transaction_re_enters_its_locks() {
        ledger.inTransaction(ledger.locked(Mono.just(1))
                        .then(ledger.locked(Mono.just(2)))
                        .then(ledger.lockedUntilReturn(Mono.just(3)))
                        .then(ledger.inNewTransaction(ledger.locked(Mono.just(4)))))
                .block(SOON);

        assertThat(transactions.outcomes).containsExactly("commit 2", "commit 1");
        eventuallyFree();
    }

    /**
     * One transaction is one owner: what a branch of it locked is kept until the commit, and no other branch could
     * wait.
     */
    @Test
    void branches_of_one_transaction_re_enter_its_locks() {
        ledger.inTransaction(Flux.range(0, 5)
                        .flatMap(i ->
                                ledger.locked(Mono.delay(Duration.ofMillis(1)).thenReturn(i)))
                        .collectList())
                .block(SOON);

        assertThat(transactions.outcomes).containsExactly("commit 1");
        eventuallyFree();
    }

    @Test
    void two_transactions_side_by_side_under_one_outer_lock_exclude_each_other() throws Exception {
        Sinks.One<String> first = Sinks.one();
        AtomicInteger entered = new AtomicInteger();
        Mono<String> one = ledger.inTransaction(
                ledger.locked(Mono.fromCallable(entered::incrementAndGet)).then(first.asMono()));
        Mono<String> two = ledger.inTransaction(
                ledger.locked(Mono.fromCallable(entered::incrementAndGet)).thenReturn("two"));
        CompletableFuture<List<String>> both =
                ledger.lockedOne(7, Flux.merge(one, two).collectList()).toFuture();

        assertThat(entered).hasValue(1);
        assertThat(locks.inspect(LEDGER).waiters()).hasSize(1);
        first.tryEmitValue("one");

        assertThat(both.get(10, TimeUnit.SECONDS)).containsExactlyInAnyOrder("one", "two");
        assertThat(transactions.outcomes).containsExactly("commit 1", "commit 2");
        eventuallyFree();
    }

    @Test
    void a_lock_until_return_ends_before_the_transaction_around_it() {
        List<Boolean> locked = new ArrayList<>();

        ledger.inTransaction(ledger.lockedUntilReturn(Mono.just("x")).doOnNext(x -> locked.add(locks.isLocked(LEDGER))))
                .block(SOON);

        assertThat(locked).containsExactly(false);
    }

    @Test
    void a_lock_until_transaction_needs_one() {
        assertThatThrownBy(() -> ledger.lockedUntilTransaction(Mono.just("x")).block(SOON))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("no transaction is active");

        assertThat(ledger.inTransaction(ledger.lockedUntilTransaction(Mono.just("x")))
                        .block(SOON))
                .isEqualTo("x");
        eventuallyFree();
    }

    @Test
    void a_transaction_that_is_cancelled_gives_its_lock_back() {
        Disposable running = ledger.inTransaction(ledger.locked(Mono.just("x")).then(Mono.never()))
                .subscribe();
        assertThat(locks.isLocked(LEDGER)).isTrue();

        running.dispose();

        eventuallyFree();
        assertThat(transactions.outcomes).containsExactly("rollback 1");
    }

    @Test
    void two_transactions_exclude_each_other_until_the_first_has_committed() throws Exception {
        Sinks.One<String> first = Sinks.one();
        CompletableFuture<String> one = ledger.inTransaction(
                        ledger.locked(Mono.just("x")).then(first.asMono()))
                .toFuture();
        CompletableFuture<String> two =
                ledger.inTransaction(ledger.locked(Mono.just("y"))).toFuture();
        await().atMost(SOON).until(() -> !locks.inspect(LEDGER).waiters().isEmpty());

        first.tryEmitValue("done");

        assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo("done");
        assertThat(two.get(10, TimeUnit.SECONDS)).isEqualTo("y");
        assertThat(transactions.outcomes).containsExactly("commit 1", "commit 2");
    }

    @Test
    void a_transaction_whose_commit_is_heard_of_by_one_who_fails_gives_its_lock_back() {
        Mono<Void> failing = TransactionSynchronizationManager.forCurrentTransaction()
                .doOnNext(current -> current.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public Mono<Void> afterCommit() {
                        return Mono.error(new IllegalStateException("after the commit"));
                    }
                }))
                .then();

        assertThatThrownBy(
                        () -> ledger.inTransaction(ledger.locked(Mono.just("x")).then(failing))
                                .block(SOON))
                .isInstanceOf(IllegalStateException.class);
        eventuallyFree();
        assertThatThrownBy(() -> operator.transactional(
                                ledger.locked(Mono.just("x")).then(failing))
                        .block(SOON))
                .isInstanceOf(IllegalStateException.class);
        eventuallyFree();
        assertThatThrownBy(() -> operator.transactional(
                                ledger.lockedAll(Flux.just("x")).concatWith(failing.cast(String.class)))
                        .blockLast(SOON))
                .isInstanceOf(IllegalStateException.class);
        eventuallyFree();
        assertThat(transactions.outcomes).containsExactly("commit 1", "commit 2", "commit 3");
    }

    @Test
    void locks_that_are_kept_for_a_transaction_from_several_threads_all_end_with_it() {
        AtomicInteger held = new AtomicInteger();
        Mono<Void> many = Flux.range(0, 200)
                .flatMap(one -> ledger.lockedOne(one, Mono.fromRunnable(held::incrementAndGet))
                        .subscribeOn(Schedulers.parallel()))
                .then();

        ledger.inTransaction(many).block(SOON);

        assertThat(held).hasValue(200);
        await().atMost(SOON).until(() -> locks.inspect().isEmpty());
    }

    @Test
    void beans_that_refer_to_each_other_have_their_commits_checked() {
        try (AnnotationConfigApplicationContext circle =
                new AnnotationConfigApplicationContext(Application.class, Circle.class)) {
            OneOfCircle one = circle.getBean(OneOfCircle.class);
            Mono<String> losing = Mono.fromCallable(() -> {
                        circle.getBean(Locks.class).forceRelease(LEDGER);
                        return "lost";
                    })
                    .subscribeOn(Schedulers.boundedElastic());

            assertThatThrownBy(() -> circle.getBean(ReactiveLedger.class)
                            .locked(one.inTransaction(losing))
                            .block(SOON))
                    .isInstanceOf(LockLostException.class);

            assertThat(circle.getBean(RecordedTransactions.class).outcomes).containsExactly("rollback 1");
        }
    }

    /** Two beans that need each other, so that one is handed out before it is finished. */
    @Configuration
    static class Circle {

        @Bean
        OneOfCircle one() {
            return new OneOfCircle();
        }

        @Bean
        OtherOfCircle other() {
            return new OtherOfCircle();
        }
    }

    static class OneOfCircle {

        @Autowired
        OtherOfCircle other;

        @Transactional
        public <T> Mono<T> inTransaction(Mono<T> body) {
            return body;
        }
    }

    static class OtherOfCircle {

        @Autowired
        OneOfCircle one;
    }
}
