package io.lockweave.spring.application;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import io.lockweave.jdbc.RowLock;
import io.lockweave.spring.row.TransactionRowLocks;
import io.lockweave.testservers.database.PostgresServer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** PostgreSQL locks no rows in a read-only transaction, and the error says that and nothing of rights. */
@Timeout(120)
class ReadOnlyRowsOnPostgresIT {

    @Test
    void the_error_names_the_read_only_transaction() {
        try (RunningApplication application =
                new RunningApplication(PostgresServer.shared().url(), Map.of())) {
            TransactionRowLocks rows = application.bean(TransactionRowLocks.class);
            TransactionTemplate readOnly = new TransactionTemplate(application.bean(PlatformTransactionManager.class));
            readOnly.setReadOnly(true);
            RowLock row = RowLock.of("customer", application.customer());
            for (RowLock lock : new RowLock[] {row, row.noWait(), row.waitTime(Duration.ofSeconds(1))}) {
                assertThatThrownBy(() -> readOnly.executeWithoutResult(status -> rows.lock(lock)))
                        .isInstanceOf(LockUsageException.class)
                        .hasMessageContaining("is to be locked in a read-only transaction")
                        .hasMessageContaining("To fix it: begin the transaction without readOnly");
            }
        }
    }
}
