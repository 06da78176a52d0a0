package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.HeldLock;
import io.lockweave.LockException;
import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.spi.Capability;
import io.lockweave.spi.LockStore;
import io.lockweave.testkit.Together;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What users meet behind a PgBouncer in transaction mode who have not read what to set. */
@EnabledIf(value = "io.lockweave.jdbc.PgBouncer#isThere", disabledReason = PgBouncer.SKIPPED)
class PgBouncerIT {

    private static PgBouncer bouncer;

    @BeforeAll
    static void launch() {
        bouncer = PgBouncer.launch();
    }

    @AfterAll
    static void close() {
        bouncer.close();
    }

    @Test
    void withTheDriversDefaultsTheFailureNamesTheRemedy() {
        try (HikariDataSource pool = TestDatabase.newPool(bouncer.url(""), 8);
                Locks locks = Locks.builder(JdbcBackend.lease(pool)
                                .table("lockweave_defaults")
                                .initializeSchema(true)
                                .build())
                        .waitTime(Duration.ofMillis(100))
                        .build()) {
            List<String> failures = Together.run(8, thread -> failureOf(locks, thread));
            assertThat(failures).anyMatch(failure -> failure.contains("To fix it: set prepareThreshold=0"));
        }
    }

    @Test
    void waitersPollAndOneWarningSaysSo() {
        LockKey key = LockKey.of("thing", 1);
        try (Warnings warnings = new Warnings("io.lockweave.jdbc");
                HikariDataSource pool = TestDatabase.newPool(bouncer.url("&prepareThreshold=0"), 8);
                LockStore one = polled(pool);
                LockStore two = polled(pool);
                Locks holders = Locks.builder(one).build();
                Locks waiters = Locks.builder(two).build()) {
            assertThat(one.capabilities()).doesNotContain(Capability.PUSH);
            CompletableFuture<HeldLock> waiting;
            try (HeldLock held = holders.acquire(key)) {
                waiting = waiters.acquireAsync(key);
                await().until(() -> waiters.inspect(key).waiters().size() == 1);
                held.ensureHeld();
            }
            waiting.join().close();
            assertThat(warnings.messages()).hasSize(2).allMatch(said -> said.contains("so waiters poll"));
        }
    }

    private static LockStore polled(DataSource pool) {
        return JdbcBackend.lease(pool)
                .table("lockweave_polled")
                .initializeSchema(true)
                .build();
    }

    @Test
    void sessionLocksAreRefusedAtTheStart() {
        try (HikariDataSource pool = TestDatabase.newPool(bouncer.url("&prepareThreshold=0"), 4)) {
            assertThatThrownBy(() -> JdbcBackend.session(pool).build())
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("share a session")
                    .hasMessageContaining("use the strategy lease");
        }
    }

    private static String failureOf(Locks locks, int thread) {
        try {
            for (int i = 0; i < 50; i++) {
                locks.run(LockKey.of("thing", thread), () -> {});
            }
            return "";
        } catch (LockException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
