package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.Locks;
import io.lockweave.spi.Capability;
import io.lockweave.spi.LockStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
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

    @Test
    void aRefusedTryWritesNothingToTheLogOfMariaDb() throws SQLException {
        Case mariaDb = new Case(TestDatabase.MARIADB, 1);
        try (LockStore store = mariaDb.builder().build();
                Connection look = TestDatabase.MARIADB.pool().getConnection()) {
            LockKey key = Claims.newKey();
            Claims.granted(store, Claims.of(key));
            long before = logWrites(look);
            for (int i = 0; i < 500; i++) {
                assertThat(Claims.isBusy(store, key)).isTrue();
            }
            assertThat(logWrites(look) - before)
                    .as("writes, but for those of the server's own")
                    .isLessThan(250);
        }
    }

    private static long logWrites(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show global status like 'Innodb_log_write_requests'")) {
            row.next();
            return row.getLong(2);
        }
    }

    @Test
    void severalFreeKeysCostOneStatementAndOneTransactionOnPostgres() throws SQLException {
        Case postgres = new Case(TestDatabase.POSTGRESQL, 1);
        WatchedDataSource watch = new WatchedDataSource();
        try (LockStore warm = postgres.builder().build();
                Locks locks = Locks.builder(JdbcBackend.lease(watch.watching(TestDatabase.POSTGRESQL.pool()))
                                .table(LeaseStatementsContract.TABLE)
                                .listen(false)
                                .build())
                        .build();
                Connection look = TestDatabase.POSTGRESQL.pool().getConnection()) {
            assertThat(warm.capabilities()).contains(Capability.TOGETHER);
            List<LockKey> keys = Stream.generate(Claims::newKey).limit(10).toList();
            locks.acquireAll(keys).close();
            watch.statements.set(0);
            long before = nextTransaction(look);
            HeldLock held = locks.acquireAll(keys);
            assertThat(watch.statements.get()).isEqualTo(1);
            assertThat(nextTransaction(look) - before)
                    .as("transaction ids used")
                    .isEqualTo(1);
            held.close();
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
