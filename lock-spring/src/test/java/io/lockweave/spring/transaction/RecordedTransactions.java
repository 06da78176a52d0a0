package io.lockweave.spring.transaction;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.AbstractReactiveTransactionManager;
import org.springframework.transaction.reactive.GenericReactiveTransaction;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/** Reactive transactions that change nothing and say what became of them. They are suspended as those of R2DBC are. */
final class RecordedTransactions extends AbstractReactiveTransactionManager {

    private static final long serialVersionUID = 1L;

    final transient List<String> outcomes = new CopyOnWriteArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();

    transient volatile Runnable onCommit = () -> {};

    /** One call's view of the transaction bound to the context. */
    private static final class Connection {
        Integer bound;
    }

    @Override
    protected Object doGetTransaction(TransactionSynchronizationManager context) {
        Connection connection = new Connection();
        connection.bound = (Integer) context.getResource(this);
        return connection;
    }

    @Override
    protected boolean isExistingTransaction(Object transaction) {
        return ((Connection) transaction).bound != null;
    }

    @Override
    protected Mono<Void> doBegin(
            TransactionSynchronizationManager context, Object transaction, TransactionDefinition definition) {
        return Mono.fromRunnable(() -> {
            int number = begun.incrementAndGet();
            ((Connection) transaction).bound = number;
            context.bindResource(this, number);
        });
    }

    @Override
    protected Mono<Object> doSuspend(TransactionSynchronizationManager context, Object transaction) {
        return Mono.fromSupplier(() -> {
            ((Connection) transaction).bound = null;
            return context.unbindResource(this);
        });
    }

    @Override
    protected Mono<Void> doResume(
            TransactionSynchronizationManager context, Object transaction, Object suspendedResources) {
        return Mono.fromRunnable(() -> context.bindResource(this, suspendedResources));
    }

    @Override
    protected Mono<Void> doCommit(TransactionSynchronizationManager context, GenericReactiveTransaction status) {
        return Mono.fromRunnable(() -> {
            onCommit.run();
            outcomes.add("commit " + number(status));
        });
    }

    @Override
    protected Mono<Void> doRollback(TransactionSynchronizationManager context, GenericReactiveTransaction status) {
        return Mono.fromRunnable(() -> outcomes.add("rollback " + number(status)));
    }

    @Override
    protected Mono<Void> doSetRollbackOnly(
            TransactionSynchronizationManager context, GenericReactiveTransaction status) {
        return Mono.fromRunnable(() -> outcomes.add("rollback-only " + number(status)));
    }

    @Override
    protected Mono<Void> doCleanupAfterCompletion(TransactionSynchronizationManager context, Object transaction) {
        return Mono.fromRunnable(() -> context.unbindResourceIfPossible(this));
    }

    private static int number(GenericReactiveTransaction status) {
        return ((Connection) status.getTransaction()).bound;
    }
}
