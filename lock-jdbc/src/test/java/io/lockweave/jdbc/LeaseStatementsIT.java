package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.LockKey;
import io.lockweave.spi.LockStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LeaseStatementsIT extends LeaseStatementsContract {

    static Stream<Case> cases() {
        return Stream.of(
                new Case(TestDatabase.POSTGRESQL, 1),
                new Case(TestDatabase.MARIADB, 1),
                new Case(TestDatabase.MARIADB_BY_MYSQL, 1));
    }

    @Test
    void aRefusedTryWritesNothingOnPostgres() throws SQLException {
        Case postgres = new Case(TestDatabase.POSTGRESQL, 1);
        try (LockStore store = postgres.builder().listen(false).build();
                Connection look = TestDatabase.POSTGRESQL.pool().getConnection()) {
            LockKey key = Claims.newKey();
            Claims.granted(store, Claims.of(key));
            long before = nextTransaction(look);
            for (int i = 0; i < 200; i++) {
                assertThat(Claims.isBusy(store, key)).isTrue();
            }
            assertThat(nextTransaction(look) - before)
                    .as("transaction ids used")
                    .isZero();
        }
    }

    private static long nextTransaction(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select txid_snapshot_xmax(txid_current_snapshot())")) {
            row.next();
            return row.getLong(1);
        }
    }
}
