package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Derby stands for the databases that lock a row by changing it only. */
@Timeout(60)
class FencedRowsOnDerbyTest {

    private static final TestDatabase DATABASE = TestDatabase.DERBY;

    @Test
    void aRowThatComesInBetweenWithTheSameFenceIsLockedToo() throws Exception {
        DATABASE.execute("create table fenced_late (id integer not null primary key, fence bigint)");
        WatchedDataSource watch = new WatchedDataSource();
        try (Connection connection = watch.watching(DATABASE.pool()).getConnection()) {
            connection.setAutoCommit(false);
            watch.beforeReply.set(() -> DATABASE.execute("insert into fenced_late values (1, 5)"));

            FencedRows.of("fenced_late", "id", "fence").admit(connection, 1, 5);

            FutureTask<Void> later = LeaseSchemaContract.start(() -> {
                DATABASE.execute("update fenced_late set fence = 6 where id = 1");
                return null;
            });
            assertThatThrownBy(() -> later.get(300, TimeUnit.MILLISECONDS))
                    .as("a write with a newer fence, before the older one ended")
                    .isInstanceOf(TimeoutException.class);
            connection.commit();
            assertThat(later.get(30, TimeUnit.SECONDS)).isNull();
            connection.setAutoCommit(true);
        } finally {
            DATABASE.execute("drop table fenced_late");
        }
    }
}
