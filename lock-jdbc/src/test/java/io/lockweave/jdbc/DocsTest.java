package io.lockweave.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.Locks;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What docs/backends/jdbc.md and docs/row-locks.md show, as it stands there. */
class DocsTest {

    // alter table article add fence bigint not null default 0
    static final FencedRows ARTICLES = FencedRows.of("article", "id", "fence");

    private final JdbcConnectionPool dataSource = JdbcConnectionPool.create("jdbc:h2:mem:docs", "sa", "");

    @BeforeEach
    void makeATable() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table article (id bigint primary key)");
            statement.execute("alter table article add fence bigint not null default 0");
            statement.execute("insert into article (id) values (42)");
        }
    }

    @AfterEach
    void close() {
        dataSource.dispose();
    }

    @Test
    void aFenceGuardsARow() throws SQLException {
        try (Locks locks = leaseLocks(dataSource);
                Connection connection = dataSource.getConnection()) {
            try (HeldLock lock = locks.acquire(LockKey.of("article", 42))) {
                connection.setAutoCommit(false);
                ARTICLES.admit(connection, 42, lock.fence()); // StaleFenceException if a later holder was there
                // write
                connection.commit();
            }
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select fence from article where id = 42")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getLong(1)).isPositive();
            }
        }
    }

    @Test
    void aRowIsLockedUntilTheCommit() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            RowLocks rowLocks = new RowLocks(); // one for the program

            connection.setAutoCommit(false);
            rowLocks.lock(connection, RowLock.of("article", 42));
            // read, decide, write
            connection.commit();
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    private static Locks leaseLocks(DataSource dataSource) {
        return Locks.builder(
                        JdbcBackend.lease(dataSource).initializeSchema(true).build())
                .build();
    }
}
