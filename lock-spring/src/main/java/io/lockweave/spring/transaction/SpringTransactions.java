package io.lockweave.spring.transaction;

import io.lockweave.spi.container.TransactionBoundary;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transactions of the calling thread.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class SpringTransactions implements TransactionBoundary {

    /** Told by managers of transactions, so that no transaction inside of a lock commits once that is lost. */
    static final TransactionExecutionListener COMMITS = new TransactionExecutionListener() {
        @Override
        public void beforeCommit(TransactionExecution transaction) {
            CommitChecks inForce = CHECKS.get();
            if (inForce != null) {
                inForce.run();
            }
            if (TransactionSynchronizationManager.isSynchronizationActive()) {
                for (TransactionSynchronization one : TransactionSynchronizationManager.getSynchronizations()) {
                    if (one instanceof Check check) { // one registered while others were told is not told itself
                        check.beforeCommit(transaction.isReadOnly());
                    }
                }
                TransactionSynchronizationManager.registerSynchronization(new Committed());
            }
        }
    };

    private static final ActiveTransaction CURRENT = new Current();

    /** The checks in force on a thread. */
    private static final ThreadLocal<@Nullable CommitChecks> CHECKS = new ThreadLocal<>();

    @Override
    public Optional<ActiveTransaction> current() {
        return isActive() ? Optional.of(CURRENT) : Optional.empty();
    }

    /**
     * Whether there is a transaction that has yet to end: its listeners run when it is over, and still look like in it.
     */
    public static boolean isActive() {
        return TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.isSynchronizationActive()
                && TransactionSynchronizationManager.getSynchronizations().stream()
                        .noneMatch(Committed.class::isInstance);
    }

    @Override
    public Runnable checkCommits(Runnable check) {
        CommitChecks outer = CHECKS.get();
        CHECKS.set(new CommitChecks(check, outer));
        return () -> {
            if (outer == null) {
                CHECKS.remove();
            } else {
                CHECKS.set(outer);
            }
        };
    }

    /** Whatever transaction the calling thread is in. */
    private static final class Current implements ActiveTransaction {

        @Override
        public void beforeCommit(Runnable check) {
            TransactionSynchronizationManager.registerSynchronization(new Check(check));
        }

        @Override
        public void afterCompletion(Runnable action) {
            TransactionSynchronizationManager.registerSynchronization(new Completion(action));
        }
    }

    /** Marks a transaction that commits now: what its listeners do after that is no longer part of it. */
    private static final class Committed implements TransactionSynchronization {}

    /** What must hold when the transaction commits. */
    private static final class Check extends LastInOrder {

        private final Runnable check;

        Check(Runnable check) {
            this.check = check;
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            check.run();
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
