package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
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
        database().execute("create or replace view flat_view as select id from flat");
        assertThatThrownBy(() ->
                        rowLocks.lock(connection, RowLock.of("flat_view", 1).column("id")))
                .isInstanceOf(LockUsageException.class)
                .hasMessageContaining("view");
        assertThat(rowLocks.lock(connection, RowLock.of("test.article", 1))).hasSize(1);
    }

    /** At REPEATABLE READ, where the first plain SELECT fixes what a transaction sees. */
    @Test
    void aRowIsReadAsItIsUnderTheLockAlsoInATransactionInsideAnother() throws Exception {
        Connection holder = lockedElsewhere(RowLock.of("article", 2));
        Future<Long> inner = elsewhere(() -> {
            rowLocks.lock(begin(), RowLock.of("article", 1));
            Connection connection = begin();
            rowLocks.lock(connection, RowLock.of("article", 2).waitTime(Duration.ofSeconds(30)));
            return number(connection, "select points from article where id = 2");
        });
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> waiting() > 0);
        execute(holder, "update article set points = 7 where id = 2");
        holder.commit();
        assertThat(result(inner)).isEqualTo(7);
    }

    private long waiting() throws SQLException {
        return number("select count(*) from information_schema.innodb_trx where trx_state = 'LOCK WAIT'");
    }

    @Test
    void aRowThatWasLeftOutIsReadAsItIsUnderALaterLock() throws Exception {
        Connection holder = lockedElsewhere(RowLock.of("article", 2));
        Connection other = begin();
        assertThat(rowLocks.lock(other, RowLock.of("article", 2).skipLocked())).isEmpty();
        execute(holder, "update article set points = 7 where id = 2");
        holder.commit();
        assertThat(rowLocks.lock(other, RowLock.of("article", 2).skipLocked())).containsExactly(2);
        assertThat(number(other, "select points from article where id = 2")).isEqualTo(7);
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
