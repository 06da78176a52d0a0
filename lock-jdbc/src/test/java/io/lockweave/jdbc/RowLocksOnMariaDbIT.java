package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import java.sql.Connection;
import org.junit.jupiter.api.Test;

class RowLocksOnMariaDbIT extends RowLocksContract {

    @Override
    TestDatabase database() {
        return TestDatabase.MARIADB;
    }

    @Test
    void aTableWithoutRowLocksIsRefused() throws Exception {
        database().execute("drop table if exists flat", "create table flat (id bigint primary key) engine = MyISAM");
        Connection connection = begin();
        for (String table : new String[] {"flat", "test.flat"}) {
            assertThatThrownBy(() -> rowLocks.lock(connection, RowLock.of(table, 1)))
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("MyISAM")
                    .hasMessageContaining("InnoDB");
        }
        assertThat(rowLocks.lock(connection, RowLock.of("test.article", 1))).hasSize(1);
    }

    @Test
    void sharedRowLocksGoTogether() throws Exception {
        lockedElsewhere(RowLock.of("article", 1).strength(RowStrength.SHARE));
        Connection other = begin();
        assertThat(rowLocks.lock(
                        other,
                        RowLock.of("article", 1).strength(RowStrength.SHARE).noWait()))
                .hasSize(1);
        assertThatThrownBy(() -> rowLocks.lock(other, RowLock.of("article", 1).noWait()))
                .isInstanceOf(LockUnavailableException.class);
        assertThatThrownBy(() -> rowLocks.lock(other, RowLock.of("article", 2).strength(RowStrength.KEY_SHARE)))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("mariadb")
                .hasMessageContaining("KEY_SHARE");
    }
}
