package io.lockweave.spring;

import io.lockweave.LockScope;
import io.lockweave.spi.LockedCall;
import java.util.function.Supplier;
import org.springframework.core.Ordered;
import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/** Spring's. */
final class SpringReactorTransactions implements ReactorTransactions {

    @Override
    public Mono<Active> current() {
        return active().map(Current::new);
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
    private record Current(TransactionSynchronizationManager manager) implements Active {

        @Override
        public LockScope scope(Supplier<LockScope> first) {
            if (manager.getResource(LockScope.class) instanceof LockScope known) {
                return known;
            }
            LockScope scope = first.get();
            manager.bindResource(LockScope.class, scope);
            return scope;
        }

        @Override
        public void keep(LockedCall.Hold hold) {
            manager.registerSynchronization(new Kept(hold, manager));
        }

        @Override
        public boolean isOver() {
            return !manager.isSynchronizationActive();
        }
    }

    /** Among those of one order the one registered last comes last, so this registers again when the end begins. */
    private static final class Kept extends LastInOrder {

        private final LockedCall.Hold hold;
        private final TransactionSynchronizationManager manager;
        private volatile boolean again;

        Kept(LockedCall.Hold hold, TransactionSynchronizationManager manager) {
            this.hold = hold;
            this.manager = manager;
        }

        @Override
        public Mono<Void> beforeCommit(boolean readOnly) {
            return Mono.fromRunnable(hold::ensureHeld);
        }

        /** After a commit that was refused, what is to come is settled already. */
        @Override
        public Mono<Void> beforeCompletion() {
            return Mono.fromRunnable(() -> {
                if (!again && manager.isSynchronizationActive()) {
                    manager.registerSynchronization(new LastInOrder() {
                        @Override
                        public Mono<Void> afterCompletion(int status) {
                            return end();
                        }
                    });
                    again = true;
                }
            });
        }

        @Override
        public Mono<Void> afterCompletion(int status) {
            return Mono.defer(() -> again ? Mono.empty() : end());
        }

        private Mono<Void> end() {
            return Mono.fromFuture(hold.end(), true).onErrorComplete();
        }
    }

    /** After whatever else the application does before the commit and after it. */
    private abstract static class LastInOrder implements TransactionSynchronization, Ordered {

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }
    }
}
