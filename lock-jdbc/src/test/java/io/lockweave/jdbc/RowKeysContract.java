package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockDeadlockException;
import io.lockweave.LockUnavailableException;
import io.lockweave.LockUsageException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys of every type a program may have at hand, names in every spelling, and what failures carry. */
abstract class RowKeysContract extends RowLocksFixture {

    private enum Color {
        RED
    }

    /** A name as the database quotes it. */
    String quoted(String name) {
        return '"' + name + '"';
    }

    @BeforeEach
    void tables() {
        database()
                .execute(
                        "drop table if exists t_text",
                        "create table t_text (id varchar(40) primary key, fence bigint)",
                        "insert into t_text values ('42', 0), ('43', 0), ('x42', 0), ('RED', 0)",
                        "drop table if exists t_int",
                        "create table t_int (id integer primary key)",
                        "insert into t_int values (42), (43)",
                        "drop table if exists t_uuid",
                        "create table t_uuid (id " + uuidType() + " primary key)");
    }

    @Test
    void aNumberForATextColumnLocksTheOneRowAndNoOther() throws Exception {
        Connection connection = begin();
        assertThat(rowLocks.lock(connection, RowLock.of("t_text", 42L))).containsExactly(42L);
        assertThat(result(elsewhere(() -> rowLocks.lock(
                        begin(),
                        RowLock.ofAll("t_text", List.of("42", "43", "x42")).skipLocked()))))
                .containsExactly("43", "x42");
    }

    @Test
    void keysAreTakenAsValuesOfTheirColumn() throws Exception {
        Connection connection = begin();
        for (Object key : List.of(
                42,
                42L,
                (short) 42,
                "42",
                new BigDecimal("42.0"),
                BigInteger.valueOf(42),
                42.0,
                new StringBuilder("42"))) {
            assertThat(rowLocks.lock(connection, RowLock.of("t_int", key)))
                    .as(key.getClass().getName())
                    .containsExactly(key);
        }
        assertThat(rowLocks.lock(connection, RowLock.of("t_text", Color.RED))).containsExactly(Color.RED);
        assertThat(rowLocks.lock(connection, RowLock.ofAll("t_int", List.of(43, "42", 42L))))
                .as("one row is locked once")
                .containsExactly("42", 43);
        UUID id = UUID.randomUUID();
        database().execute("insert into t_uuid values ('" + id + "')");
        assertThat(rowLocks.lock(connection, RowLock.of("t_uuid", id.toString())))
                .hasSize(1);
        assertThat(rowLocks.lock(connection, RowLock.of("t_uuid", id))).hasSize(1);
    }

    @Test
    void aKeyThatIsNoValueOfItsColumnIsRefusedAndTheTransactionStaysUsable() throws Exception {
        Connection connection = begin();
        for (Object key : List.of("abc", 1.5, 1L << 40, Color.RED, true, "")) {
            assertThatThrownBy(() -> rowLocks.lock(connection, RowLock.of("t_int", key)))
                    .as("key %s", key)
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("t_int")
                    .hasMessageContaining(key.getClass().getName())
                    .hasMessageContainingAll("column", "which is of type");
        }
        assertThatThrownBy(() -> rowLocks.lock(connection, RowLock.of("t_text", new byte[] {1})))
                .isInstanceOf(LockUsageException.class);
        assertThat(rowLocks.lock(connection, RowLock.of("t_int", 42))).hasSize(1);
    }

    @Test
    void aFencedRowIsFoundByAKeyOfAnotherType() throws Exception {
        FencedRows rows = FencedRows.of("t_text", "id", "fence");
        Connection connection = begin();
        rows.admit(connection, 42, 200);
        connection.commit();
        assertThat(number("select fence from t_text where id = '42'")).isEqualTo(200);
        assertThat(number("select max(fence) from t_text where id <> '42'")).isZero();
        assertThatThrownBy(() -> rows.admit(connection, new byte[] {1}, 300)).isInstanceOf(LockUsageException.class);
    }

    @Test
    void aTableThatIsMadeAnewWithAnotherTypeIsReadAnew() throws Exception {
        assertThat(rowLocks.lock(begin(), RowLock.of("t_int", 42))).hasSize(1);
        end();
        database()
                .execute(
                        "drop table t_int",
                        "create table t_int (id varchar(20) primary key)",
                        "insert into t_int values ('abc')");
        assertThat(rowLocks.lock(begin(), RowLock.of("t_int", "abc"))).hasSize(1);
    }

    @Test
    void aNameWhoseLettersMatterIsGivenInDoubleQuotes() throws Exception {
        String table = quoted("Order");
        database()
                .execute(
                        "drop table if exists " + table,
                        "create table " + table + " (" + quoted("Id") + " bigint primary key, " + quoted("Kind")
                                + " varchar(10))",
                        "insert into " + table + " values (1, 'a'), (2, 'b')");
        Connection connection = begin();
        assertThat(rowLocks.lock(connection, RowLock.ofAll("\"Order\"", List.of(1, 2))))
                .hasSize(2);
        assertThat(rowLocks.lock(connection, RowLock.of("\"Order\"", "a").column("\"Kind\"")))
                .hasSize(1);
        for (String hostile : List.of("\"Order", "Order\"", "\"Or\"der\"", "\"Or`der\"", "\"a;b\"", "\"\"")) {
            assertThatThrownBy(() -> rowLocks.lock(connection, RowLock.of(hostile, 1)))
                    .as(hostile)
                    .isInstanceOf(LockUsageException.class);
        }
    }

    @Test
    void theDatabasesOwnFailureIsTheCause() throws Exception {
        lockedElsewhere(RowLock.of("t_int", 43));
        Connection one = begin();
        assertThatThrownBy(() -> rowLocks.lock(one, RowLock.of("t_int", 43).waitTime(SHORT)))
                .isInstanceOf(LockUnavailableException.class)
                .hasCauseInstanceOf(SQLException.class);
        one.rollback();
        rowLocks.lock(one, RowLock.of("t_int", 42));
        Connection two = lockedElsewhere(RowLock.of("t_text", "42"));
        Future<List<Object>> crossing = elsewhere(() -> {
            try {
                return rowLocks.lock(two, RowLock.of("t_int", 42));
            } finally {
                two.rollback();
            }
        });
        Throwable failure = null;
        try {
            rowLocks.lock(one, RowLock.of("t_text", "42"));
        } catch (LockDeadlockException e) {
            failure = e;
        }
        one.rollback();
        if (failure == null) {
            try {
                crossing.get(40, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                failure = e.getCause();
            }
        }
        assertThat(failure).isInstanceOf(LockDeadlockException.class).hasCauseInstanceOf(SQLException.class);
    }
}
