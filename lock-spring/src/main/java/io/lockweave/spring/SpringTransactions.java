package io.lockweave.spring;

import io.lockweave.spi.TransactionBoundary;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transactions of the calling thread. Every transaction manager bean tells this when it begins one, so that transactions
 * inside of a lock cannot commit once it is lost.
 */
final class SpringTransactions implements TransactionBoundary, BeanPostProcessor {

    private static final ActiveTransaction CURRENT = new Current();

    /** The checks in force on a thread, innermost first. */
    private static final ThreadLocal<@Nullable Checks> CHECKS = new ThreadLocal<>();

    private final TransactionExecutionListener begun = new TransactionExecutionListener() {
        @Override
        public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
            Checks inForce = CHECKS.get();
            if (inForce != null && failure == null && TransactionSynchronizationManager.isSynchronizationActive()) {
                CURRENT.beforeCommit(inForce);
            }
        }
    };

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof ConfigurableTransactionManager manager) {
            manager.addListener(begun);
        }
        return bean;
    }

    @Override
    public Optional<ActiveTransaction> current() {
        return TransactionSynchronizationManager.isActualTransactionActive()
                        && TransactionSynchronizationManager.isSynchronizationActive()
                ? Optional.of(CURRENT)
                : Optional.empty();
    }

    @Override
    public Runnable checkCommits(Runnable check) {
        Checks outer = CHECKS.get();
        CHECKS.set(new Checks(check, outer));
        return () -> {
            if (outer == null) {
                CHECKS.remove();
            } else {
                CHECKS.set(outer);
            }
        };
    }

    /** A check and those around it. */
    private record Checks(Runnable check, @Nullable Checks outer) implements Runnable {

        @Override
        public void run() {
            check.run();
            if (outer != null) {
                outer.run();
            }
        }
    }

    /** Whatever transaction the calling thread is in. */
    private static final class Current implements ActiveTransaction {

        @Override
        public void beforeCommit(Runnable check) {
            TransactionSynchronizationManager.registerSynchronization(new LastInOrder() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    check.run();
                }
            });
        }

        @Override
        public void afterCompletion(Runnable action) {
            TransactionSynchronizationManager.registerSynchronization(new Completion(action));
        }
    }

    /** Among those of one order the one registered last comes last, so this registers again when the end begins. */
    private static final class Completion extends LastInOrder {

        private final Runnable action;
        private boolean again;

        Completion(Runnable action) {
            this.action = action;
        }

        @Override
        public void beforeCompletion() {
            if (!again) {
                TransactionSynchronizationManager.registerSynchronization(new LastInOrder() {
                    @Override
                    public void afterCompletion(int status) {
                        action.run();
                    }
                });
                again = true;
            }
        }

        @Override
        public void afterCompletion(int status) {
            if (!again) {
                action.run();
            }
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
