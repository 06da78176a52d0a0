package io.lockweave.jdbc.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.jdbc.TestDatabase;
import io.lockweave.jdbc.dialect.LockStrength;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a thread remembers of the rows it has locked does not grow with its transactions. */
class OuterRowsTest {

    private static RowRequest request(Object key) {
        return new RowRequest(
                "remembered",
                null,
                List.of(key),
                Duration.ZERO,
                false,
                LockStrength.UPDATE,
                null,
                (row, cause) -> new IllegalStateException(cause));
    }

    @Test
    void rowsOfTransactionsThatEndedAreForgotten() throws SQLException {
        RowLocking rows = new RowLocking();
        try (Connection connection = TestDatabase.H2.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists remembered (id bigint primary key)");
            statement.execute("merge into remembered values (1)");
            connection.setAutoCommit(false);
            for (int i = 0; i < 300; i++) {
                assertThat(rows.lock(connection, request(1))).hasSize(1);
                connection.commit();
            }
            assertThat(rows.remembered()).isLessThanOrEqualTo(1);
            rows.transactionEnded(connection);
            assertThat(rows.remembered()).isZero();
        }
    }

    @Test
    void whereTransactionsCannotBeToldFromEachOtherTheNewestAreRemembered() throws SQLException {
        OuterRows outer = new OuterRows();
        try (Connection connection = TestDatabase.H2.pool().getConnection()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < 3 * OuterRows.MOST; i++) {
                outer.remember(connection, "t", List.of(new LockedRows(List.of(String.valueOf(i)), "")));
            }
            assertThat(outer.count()).isEqualTo(OuterRows.MOST);
        }
    }
}
