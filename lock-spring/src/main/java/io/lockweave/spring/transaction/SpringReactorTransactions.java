package io.lockweave.spring.transaction;

import io.lockweave.LockScope;
import io.lockweave.spi.container.LockedCall;
import java.util.function.Supplier;
import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/** Spring's. */
final class SpringReactorTransactions implements ReactorTransactions {

    @Override
    public Mono<Active> current() {
        return Mono.deferContextual(
                context -> active().map(manager -> new Current(manager, kept(manager, OpenTransactions.of(context)))));
    }

    /** Spring's set of listeners is not made for several threads, so those that subscribe at one time take turns. */
    private static synchronized TransactionHolds kept(
            TransactionSynchronizationManager manager, OpenTransactions flow) {
        for (TransactionSynchronization listener : manager.getSynchronizations()) {
            if (listener instanceof TransactionHolds known) {
                return known;
            }
        }
        TransactionHolds kept = new TransactionHolds(manager, flow);
        manager.registerSynchronization(kept);
        flow.add(kept);
        return kept;
    }

    /** As {@link #kept}. */
    private static synchronized LockScope scope(TransactionSynchronizationManager manager, Supplier<LockScope> first) {
        if (manager.getResource(LockScope.class) instanceof LockScope known) {
            return known;
        }
        LockScope scope = first.get();
        manager.bindResource(LockScope.class, scope);
        return scope;
    }

    /** The transaction of the subscriber's context that has yet to end. */
    private static Mono<TransactionSynchronizationManager> active() {
        return TransactionSynchronizationManager.forCurrentTransaction()
                .onErrorResume(NoTransactionException.class, none -> Mono.empty())
                .filter(manager -> manager.isActualTransactionActive() && manager.isSynchronizationActive());
    }

    /** Lets the transaction of the subscriber's context commit only if the checks agree. */
    static Mono<Void> check(CommitChecks checks) {
        return active().doOnNext(manager -> manager.registerSynchronization(new LastInOrder() {
                    @Override
                    public Mono<Void> beforeCommit(boolean readOnly) {
                        return Mono.fromRunnable(checks);
                    }
                }))
                .then();
    }

    /** By its context, which those that it suspends share with it: they are one flow. */
    private record Current(TransactionSynchronizationManager manager, TransactionHolds kept) implements Active {

        @Override
        public LockScope scope(Supplier<LockScope> first) {
            return SpringReactorTransactions.scope(manager, first);
        }

        @Override
        public void keep(LockedCall.Hold hold) {
            kept.keep(hold);
        }

        @Override
        public boolean isOver() {
            return kept.isOver();
        }
    }
}
