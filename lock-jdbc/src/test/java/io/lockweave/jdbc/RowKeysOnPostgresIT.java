package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockUnavailableException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowKeysOnPostgresIT extends RowKeysContract {

    @Override
    TestDatabase database() {
        return TestDatabase.POSTGRESQL;
    }

    private static long next(Connection connection, String what) throws Exception {
        return Long.parseLong(text(connection, what));
    }

    private static String text(Connection connection, String sql) throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static final String NEXT_TRANSACTION = "select txid_snapshot_xmax(txid_current_snapshot())";
    private static final String NEXT_MULTIXACT = "select mxid_age('1'::xid)";

    /** Each savepoint with a lock in it takes an id, and a later write by the transaction itself a MultiXact. */
    @Test
    void lockingRowsAndWritingThemTakesOneTransactionIdAndNoMultiXact() throws Exception {
        database()
                .execute(
                        "drop table if exists many",
                        "create table many (id bigint primary key, n bigint)",
                        "insert into many select i, 0 from generate_series(1, 600) i");
        try (Connection look = database().pool().getConnection()) {
            for (boolean waits : new boolean[] {false, true}) {
                long transactions = next(look, NEXT_TRANSACTION);
                long multiXacts = next(look, NEXT_MULTIXACT);
                Connection connection = begin();
                for (int id = 1; id <= 200; id++) {
                    RowLock lock = RowLock.of("many", id);
                    rowLocks.lock(connection, waits ? lock.waitTime(Duration.ofSeconds(5)) : lock);
                    execute(connection, "update many set n = n + 1 where id = " + id);
                }
                connection.commit();
                assertThat(next(look, NEXT_TRANSACTION) - transactions).isEqualTo(1);
                assertThat(next(look, NEXT_MULTIXACT) - multiXacts).isZero();
            }
            long transactions = next(look, NEXT_TRANSACTION);
            Connection connection = begin();
            List<Integer> ids = IntStream.rangeClosed(1, 600).boxed().toList();
            assertThat(rowLocks.lock(connection, RowLock.ofAll("many", ids))).hasSize(600);
            connection.commit();
            assertThat(next(look, NEXT_TRANSACTION) - transactions).isEqualTo(1);
        }
    }

    @Test
    void manyKeysTakeOneStatement() throws Exception {
        database()
                .execute(
                        "drop table if exists many",
                        "create table many (id integer primary key, n bigint)",
                        "insert into many select i, 0 from generate_series(1, 900) i");
        WatchedDataSource watch = new WatchedDataSource();
        try (Connection connection = watch.watching(database().pool()).getConnection()) {
            connection.setAutoCommit(false);
            rowLocks.lock(connection, RowLock.of("many", 1)); // reads what the table is
            watch.statements.set(0);
            List<Integer> ids = IntStream.rangeClosed(1, 900).boxed().toList();
            assertThat(rowLocks.lock(connection, RowLock.ofAll("many", ids))).hasSize(900);
            assertThat(watch.statements.getAndSet(0))
                    .as("where it is, and the lock")
                    .isEqualTo(2);
            assertThat(rowLocks.lock(
                            connection, RowLock.ofAll("public.many", ids).noWait()))
                    .hasSize(900);
            connection.commit();
            lockedElsewhere(RowLock.of("many", 7));
            watch.statements.set(0);
            assertThatThrownBy(() ->
                            rowLocks.lock(connection, RowLock.of("many", 7).waitTime(SHORT)))
                    .isInstanceOf(LockUnavailableException.class);
            assertThat(watch.statements.get()).as("of a wait in vain").isLessThanOrEqualTo(5);
            assertThat(rowLocks.lock(connection, RowLock.ofAll("many", ids).skipLocked()))
                    .hasSize(899);
            assertThatThrownBy(() ->
                            rowLocks.lock(connection, RowLock.ofAll("many", ids).noWait()))
                    .isInstanceOf(LockUnavailableException.class);
            assertThatThrownBy(() ->
                            rowLocks.lock(connection, RowLock.ofAll("many", ids).waitTime(SHORT)))
                    .isInstanceOf(LockUnavailableException.class);
            assertThat(rowLocks.lock(connection, RowLock.of("many", 8).noWait()))
                    .hasSize(1);
            connection.rollback();
        }
    }

    @Test
    void aTableIsFoundWhereTheConnectionFindsIt() throws Exception {
        database()
                .execute(
                        "drop schema if exists one cascade",
                        "drop schema if exists two cascade",
                        "create schema one",
                        "create schema two",
                        "create table one.place (id bigint primary key)",
                        "create table two.place (code varchar(10) primary key)",
                        "create table two.later_only (id bigint primary key)",
                        "insert into one.place values (1)",
                        "insert into two.place values ('a')",
                        "insert into two.later_only values (1)");
        Connection connection = begin();
        execute(connection, "set local search_path = one, two");
        assertThat(rowLocks.lock(connection, RowLock.of("later_only", 1))).hasSize(1);
        assertThat(rowLocks.lock(connection, RowLock.of("place", 1))).hasSize(1);
        execute(connection, "set local search_path = two, one");
        assertThat(rowLocks.lock(connection, RowLock.of("place", "a"))).hasSize(1);
        execute(connection, "set local search_path = \"$user\", one");
        assertThat(rowLocks.lock(connection, RowLock.of("place", 1))).hasSize(1);
        assertThat(rowLocks.lock(connection, RowLock.of("two.place", "a"))).hasSize(1);
    }

    @Test
    void partitionsEnumsBytesAndCharactersAreLocked() throws Exception {
        database()
                .execute(
                        "drop table if exists parts, moods, blobs, chars",
                        "drop type if exists mood",
                        "create table parts (id bigint, day date, primary key (id, day)) partition by range (id)",
                        "create table parts_low partition of parts for values from (0) to (100)",
                        "create table parts_high partition of parts for values from (100) to (200)",
                        "insert into parts values (1, '2026-01-01'), (150, '2026-01-02')",
                        "create type mood as enum ('happy', 'sad')",
                        "create table moods (m mood primary key)",
                        "insert into moods values ('happy'), ('sad')",
                        "create table blobs (id bytea primary key)",
                        "insert into blobs values ('\\x0102'), ('\\x03')",
                        "create table chars (id char(8) primary key)",
                        "insert into chars values ('a'), ('b')");
        Connection connection = begin();
        assertThat(rowLocks.lock(
                        connection,
                        RowLock.ofAll(
                                "parts", List.of(List.of(150, "2026-01-02"), List.of(1, LocalDate.of(2026, 1, 1))))))
                .hasSize(2);
        assertThat(rowLocks.lock(connection, RowLock.ofAll("moods", List.of("sad", "happy"))))
                .containsExactly("happy", "sad");
        assertThat(rowLocks.lock(connection, RowLock.ofAll("blobs", List.of(new byte[] {1, 2}, new byte[] {3}))))
                .hasSize(2);
        assertThat(rowLocks.lock(connection, RowLock.ofAll("chars", List.of("a", "b"))))
                .hasSize(2);
        assertThat(result(elsewhere(() -> rowLocks.lock(
                        begin(), RowLock.of("parts", List.of(1, "2026-01-01")).skipLocked()))))
                .isEmpty();
    }

    @Test
    void aConflictThatTheIsolationLevelFindsIsOfAKindOfItsOwn() throws Exception {
        Connection connection = begin();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try {
            number(connection, "select count(*) from t_int");
            database().execute("update t_int set id = 42 where id = 42");
            assertThatThrownBy(() -> rowLocks.lock(connection, RowLock.of("t_int", 42)))
                    .isInstanceOf(RowConflictException.class)
                    .hasMessageContaining("t_int")
                    .hasCauseInstanceOf(SQLException.class);
        } finally {
            connection.rollback();
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }
}
