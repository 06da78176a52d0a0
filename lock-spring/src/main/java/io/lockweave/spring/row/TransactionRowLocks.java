package io.lockweave.spring.row;

import io.lockweave.LockUsageException;
import io.lockweave.jdbc.RowLock;
import io.lockweave.jdbc.RowLocks;
import io.lockweave.spring.transaction.SpringTransactions;
import java.sql.Connection;
import java.util.List;
import javax.sql.DataSource;
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

    /** In transactions on this data source. */
    public TransactionRowLocks(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Locks the rows, as {@link RowLocks#lock} does.
     *
     * @return the keys whose rows are locked now
     * @throws LockUsageException if no transaction is active, before any SQL
     */
    public List<Object> lock(RowLock lock) {
        if (!SpringTransactions.isActive()) {
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
            return rows.lock(connection, lock);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }
}
