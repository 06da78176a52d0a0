package io.lockweave.spring.row;

import io.lockweave.LockDeadlockException;
import io.lockweave.LockUsageException;
import io.lockweave.jdbc.RowConflictException;
import io.lockweave.jdbc.RowLock;
import io.lockweave.jdbc.RowLocks;
import io.lockweave.spi.container.TransactionBoundary;
import io.lockweave.spring.transaction.SpringTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Locks rows in Spring's current transaction, JDBC's or JPA's: {@code SELECT ... FOR UPDATE} on its connection, held
 * until it commits or rolls back. Safe for use from any thread.
 */
public final class TransactionRowLocks {

    private final DataSource dataSource;
    private final RowLocks rows = new RowLocks();
    private final SpringTransactions transactions = new SpringTransactions();

    /** In transactions on this data source. */
    public TransactionRowLocks(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Locks the rows, as {@link RowLocks#lock} does, and waits no longer than the transaction's timeout leaves time
     * for. After a deadlock or a conflict for which the database has rolled the transaction back, it cannot commit any
     * more, also if the exception is caught.
     *
     * @return the keys whose rows are locked now
     * @throws LockUsageException if no transaction is active, or it is read-only; in auto-commit mode before any SQL
     */
    public List<Object> lock(RowLock lock) {
        TransactionBoundary.ActiveTransaction transaction =
                transactions.current().orElse(null);
        if (transaction == null) {
            throw new LockUsageException(
                    "Rows are to be locked, and no transaction is active, so the lock would end at once",
                    "call it inside of a transaction: put @Transactional on the method, or around it");
        }
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCompletion(int status) {
                    rows.transactionEnded(connection);
                }
            });
            return rows.lock(connection, inTime(lock));
        } catch (LockDeadlockException | RowConflictException e) {
            if (e.getCause() instanceof SQLException failure && "40001".equals(failure.getSQLState())) {
                transaction.beforeCommit(() -> {
                    throw e; // what was done before is undone already: no half of it may be committed
                });
            }
            throw e;
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    private RowLock inTime(RowLock lock) {
        return TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder holder
                        && holder.hasTimeout()
                ? lock.waitAtMost(Duration.ofMillis(Math.max(0, holder.getTimeToLiveInMillis())))
                : lock;
    }
}
