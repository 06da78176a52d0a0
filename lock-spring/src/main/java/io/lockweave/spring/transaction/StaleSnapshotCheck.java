package io.lockweave.spring.transaction;

import io.lockweave.LockUsageException;
import io.lockweave.spi.container.EntryCheck;
import io.lockweave.spi.container.LockedEntry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Finds locks that are taken in transactions of REPEATABLE READ or SERIALIZABLE: what such a transaction reads under
 * the lock is as old as its first read. MySQL and MariaDB then lose an update silently; other databases refuse to
 * write.
 */
final class StaleSnapshotCheck implements EntryCheck {

    private static final Logger LOG = System.getLogger("io.lockweave.spring");

    private static final String REMEDY = "take the lock outside of the transaction, begin the transaction with"
            + " @Transactional(isolation = READ_COMMITTED), or lock the row with @LockedRow; or set"
            + " lockweave.transactions.stale-snapshots = ignore if it does no harm";

    private final StaleSnapshots policy;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    /** By the resource of a transaction: its data source. */
    private final Map<Object, Database> databases = new ConcurrentHashMap<>();

    StaleSnapshotCheck(StaleSnapshots policy) {
        this.policy = policy;
    }

    @Override
    public void entering(LockedEntry entry) {
        if (policy == StaleSnapshots.IGNORE || !SpringTransactions.isActive()) {
            return;
        }
        Integer asked = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
        if (asked != null && asked < Connection.TRANSACTION_REPEATABLE_READ) {
            return;
        }
        for (Map.Entry<Object, Object> resource :
                TransactionSynchronizationManager.getResourceMap().entrySet()) {
            if (resource.getValue() instanceof ConnectionHolder holder) {
                check(entry, database(resource.getKey(), holder, asked), asked);
            }
        }
    }

    private void check(LockedEntry entry, @Nullable Database database, @Nullable Integer asked) {
        if (database == null) {
            return;
        }
        int isolation = asked != null ? asked : database.isolation();
        if (isolation < Connection.TRANSACTION_REPEATABLE_READ) {
            return;
        }
        boolean read = ReadsAtBegin.hasRead();
        String what = entry.method() + " was called in a transaction whose isolation is "
                + (isolation == Connection.TRANSACTION_SERIALIZABLE ? "SERIALIZABLE" : "REPEATABLE READ")
                + (read
                        ? " and that has read before: what is read under the lock is as old as that"
                        : "; if it has read before, what is read under the lock is as old as that");
        if (policy == StaleSnapshots.REFUSE && read && database.losesSilently(isolation)) {
            throw new LockUsageException(what + "; " + database.product() + " would lose updates", REMEDY);
        }
        if (warned.add(entry.method())) {
            LOG.log(Level.WARNING, what + ". To fix it: " + REMEDY + ". This is said once for each method.");
        }
    }

    /** The isolation of a data source is asked for once, in a transaction that did not choose its own. */
    private @Nullable Database database(Object key, ConnectionHolder holder, @Nullable Integer asked) {
        Database known = databases.get(key);
        if (known != null) {
            return known;
        }
        try {
            Connection connection = holder.getConnection();
            Database database = new Database(
                    connection.getMetaData().getDatabaseProductName(), connection.getTransactionIsolation());
            if (asked == null) {
                databases.put(key, database);
            }
            return database;
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "The isolation of a transaction could not be asked for", e);
            return null;
        }
    }

    /** What is known of a data source. */
    private record Database(String product, int isolation) {

        /** With SERIALIZABLE, MySQL's reads lock what they read. */
        boolean losesSilently(int level) {
            return level == Connection.TRANSACTION_REPEATABLE_READ
                    && (product.contains("MySQL") || product.contains("MariaDB"));
        }
    }
}
