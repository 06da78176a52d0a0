package io.lockweave.spring.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.lockweave.LockDeadlockException;
import io.lockweave.jdbc.RowLock;
import io.lockweave.spring.row.TransactionRowLocks;
import io.lockweave.testservers.database.MariaDbServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * After a deadlock MySQL and MariaDB have rolled the whole transaction back, and go on with what comes next: caught,
 * the second half would be committed alone.
 */
@Timeout(120)
class RowDeadlockOnMariaDbIT {

    @Test
    void no_half_of_a_transaction_is_committed_though_its_deadlock_is_caught() {
        try (RunningApplication application =
                new RunningApplication(MariaDbServer.shared().url(), Map.of())) {
            TransactionRowLocks rows = application.bean(TransactionRowLocks.class);
            TransactionTemplate transactions =
                    new TransactionTemplate(application.bean(PlatformTransactionManager.class));
            long[] locked = {application.customer(), application.customer()};
            long[] changed = {application.customer(), application.customer()};
            CyclicBarrier bothHaveOne = new CyclicBarrier(2);
            List<CompletableFuture<Void>> both = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int own = i;
                both.add(CompletableFuture.runAsync(() -> transactions.executeWithoutResult(status -> {
                    add(application, changed[own], 1);
                    rows.lock(RowLock.of("customer", locked[own]));
                    await(bothHaveOne);
                    try {
                        rows.lock(RowLock.of("customer", locked[1 - own]));
                    } catch (LockDeadlockException caught) {
                        add(application, changed[own], 100);
                    }
                })));
            }
            List<Throwable> failures = both.stream()
                    .map(one -> catchThrowable(one::join))
                    .filter(Objects::nonNull)
                    .toList();
            assertThat(failures).singleElement().satisfies(failure -> assertThat(failure)
                    .hasCauseInstanceOf(LockDeadlockException.class));
            assertThat(application.points(changed[0]) + application.points(changed[1]))
                    .isEqualTo(1);
        }
    }

    private static void add(RunningApplication application, long customer, int points) {
        application
                .jdbc()
                .sql("update customer set points = points + ? where id = ?")
                .params(points, customer)
                .update();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }
}
