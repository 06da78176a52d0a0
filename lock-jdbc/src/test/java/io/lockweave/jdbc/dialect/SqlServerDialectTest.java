package io.lockweave.jdbc.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUsageException;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What can be seen of SQL Server without one: the statements it gets, and what its codes mean. */
class SqlServerDialectTest {

    private final Dialect dialect = Dialects.named("sqlserver");

    private String statement(LockStrength strength, boolean skips, @Nullable Duration waitTime) {
        RowSelect select = new RowSelect("[id]", "[t]", "[id] = ?", "", strength, skips, waitTime);
        return SqlServerRowLocks.ONE.lock(dialect, select);
    }

    @Test
    void rowsAreLockedByHints() {
        assertThat(statement(LockStrength.UPDATE, false, null))
                .isEqualTo("select [id] from [t] with (updlock, rowlock, holdlock) where [id] = ?");
        assertThat(statement(LockStrength.UPDATE, true, null))
                .isEqualTo("select [id] from [t] with (updlock, rowlock, readpast) where [id] = ?");
        assertThat(statement(LockStrength.UPDATE, false, Duration.ZERO))
                .contains("(updlock, rowlock, holdlock, nowait)");
        assertThat(statement(LockStrength.SHARE, false, null)).contains("(repeatableread, rowlock, holdlock)");
        assertThatThrownBy(() -> statement(LockStrength.KEY_SHARE, false, null))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("sqlserver")
                .hasMessageContaining("KEY_SHARE");
    }

    @Test
    void oneCodeMeansADeadlockHereAndAWaitInVainOnMySql() {
        SQLException e = new SQLException("1205", "40001", 1205);
        assertThat(dialect.isDeadlock(e)).isTrue();
        assertThat(dialect.isLockTimeout(e)).isFalse();
        assertThat(dialect.isContention(e)).isTrue();
        Dialect mySql = Dialects.named("mysql");
        assertThat(mySql.isLockTimeout(e)).isTrue();
        assertThat(mySql.isDeadlock(e)).isFalse();
        assertThat(mySql.isContention(e)).isFalse();
    }

    @Test
    void oraclesCodesAreContention() {
        Dialect oracle = Dialects.named("oracle");
        assertThat(oracle.isContention(new SQLException("deadlock", "61000", 60)))
                .isTrue();
        assertThat(oracle.isContention(new SQLException("cannot serialize", "72000", 8177)))
                .isTrue();
        assertThat(oracle.isLockTimeout(new SQLException("busy", "61000", 54))).isTrue();
    }
}
