package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockKey;
import io.lockweave.LockMode;
import io.lockweave.LockUsageException;
import io.lockweave.spi.Attempt;
import io.lockweave.spi.Capability;
import io.lockweave.spi.LockStore;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class SessionOnPostgresIT extends SessionBackendContract {

    @Override
    TestDatabase database() {
        return TestDatabase.POSTGRESQL;
    }

    @Override
    String kill(long session) {
        return "select pg_terminate_backend(" + session + ")";
    }

    @Override
    protected Set<Capability> capabilities() {
        return Set.of(
                Capability.FREED_ON_DISCONNECT, Capability.CROSS_PROCESS, Capability.DURABLE_FENCE, Capability.SHARED);
    }

    @Test
    void aDatabaseThatHasTheFunctionsWithoutTheLocksIsRefused() {
        DataSource pretending = RewrittenSql.of(
                database().pool(),
                sql -> sql.replaceAll("pg_try_advisory_\\w+\\((hashtext\\('\\w+'\\)|\\?)\\)", "true"));

        assertThatThrownBy(() -> JdbcBackend.session(pretending).build())
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("calls itself postgresql")
                .hasMessageContaining("use the strategy lease");
    }

    /** As {@link #findTellsWhoHoldsAKey}. */
    @Override
    @Test
    public void findTellsAllSharedHolders() {
        LockKey key = LockKey.of(getClass().getName(), System.nanoTime());
        try (LockStore holder = (LockStore) newBackend();
                LockStore other = (LockStore) newBackend()) {
            assertThat(holder.tryAcquire(claim(key, LockMode.SHARED))).isInstanceOf(Attempt.Granted.class);
            assertThat(other.tryAcquire(claim(key, LockMode.SHARED))).isInstanceOf(Attempt.Granted.class);
            assertThat(holder.find(key).orElseThrow().holders()).hasSize(2);
        }
    }
}
