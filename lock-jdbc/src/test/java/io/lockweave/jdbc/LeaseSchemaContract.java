package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockBackendException;
import io.lockweave.LockUsageException;
import io.lockweave.jdbc.dialect.TableName;
import io.lockweave.spi.LockStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lease table's definition: what is missing is named with its remedy, and whatever its name, it can be made. */
@Timeout(60)
public abstract class LeaseSchemaContract {

    static final String TABLE = "lockweave_table_test";

    abstract TestDatabase database();

    LeaseBuilder builder() {
        return JdbcBackend.lease(database().pool()).table(TABLE);
    }

    LockStore store() {
        return builder().initializeSchema(true).build();
    }

    @BeforeEach
    void dropTable() {
        dropIfThere(TABLE);
    }

    void dropIfThere(String table) {
        try {
            database().execute("drop table " + table);
        } catch (IllegalStateException e) {
            // it was not there
        }
    }

    public static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "worker");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    @Test
    void aMissingTableIsAnErrorAtTheStartThatHasTheStatements() {
        assertThatThrownBy(() -> builder().build())
                .isInstanceOfSatisfying(LockBackendException.class, e -> assertThat(e.retryable())
                        .isFalse())
                .hasMessageContaining(TABLE)
                .hasMessageContaining("create table")
                .hasMessageContaining("expires_at")
                .hasMessageContaining("initialize-schema");
    }

    @Test
    void theStatementsInTheMessageMakeTheTable() throws Exception {
        String ddl = "";
        try {
            builder().build();
        } catch (LockBackendException e) {
            String message = String.valueOf(e.getMessage());
            ddl = message.substring(
                    message.indexOf("create table"), message.indexOf(";", message.indexOf("create table")));
        }
        database().execute(ddl);
        try (LockStore store = builder().initializeSchema(true).build()) {
            assertThat(store.release(Claims.granted(store, Claims.of(Claims.newKey()))))
                    .isTrue();
        }
    }

    @Test
    void aMissingColumnIsNamed() {
        database().execute("create table " + TABLE + " (lock_key varchar(64) not null primary key, part varchar(32))");
        assertThatThrownBy(() -> builder().build())
                .isInstanceOf(LockBackendException.class)
                .hasMessageContaining("owner_token")
                .hasMessageContaining("next_fence")
                .hasMessageContaining("create table");
    }

    @Test
    void severalJvmsMayCreateTheTableAtOnce() throws Exception {
        List<FutureTask<LockStore>> starts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            starts.add(start(this::store));
        }
        for (FutureTask<LockStore> started : starts) {
            started.get(30, TimeUnit.SECONDS).close();
        }
    }

    @Test
    void tableNamesFromOutsideAreRefused() {
        for (String hostile : List.of(
                "lock; drop table " + TABLE,
                "a\"b",
                "a`b",
                "a b",
                "",
                ".",
                "a..b",
                "a.b.c.d",
                "1a",
                "lock--",
                "l\u00f6ck")) {
            assertThatThrownBy(() ->
                            JdbcBackend.lease(database().pool()).table(hostile).build())
                    .as("table %s", hostile)
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("plain SQL name");
        }
    }

    @Test
    void aReservedWordMayBeTheTablesName() {
        dropQuoted("select");
        try (LockStore store = builder().table("select").initializeSchema(true).build()) {
            assertThat(store.release(Claims.granted(store, Claims.of(Claims.newKey()))))
                    .isTrue();
        } finally {
            dropQuoted("select");
        }
    }

    private void dropQuoted(String table) {
        try (Connection connection = database().pool().getConnection()) {
            String quoted = TableName.of(table, connection.getMetaData()).quoted();
            dropIfThere(quoted);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
