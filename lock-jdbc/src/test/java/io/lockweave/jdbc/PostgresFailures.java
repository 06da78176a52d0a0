package io.lockweave.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.testservers.database.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** A PostgreSQL of the test class's own, to be killed, frozen, cut off and filled. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class PostgresFailures {

    /** Commits do not wait for anything, unless the lock sees to it. */
    public final PostgresServer server =
            PostgresServer.launch(Map.of("synchronous_commit", "off", "wal_writer_delay", "10000ms"));

    @AfterAll
    public void stop() {
        server.close();
    }

    public HikariDataSource pool(int size) {
        return TestDatabase.newPool(server.url(), size);
    }

    public String query(String sql) throws SQLException {
        try (HikariDataSource pool = pool(1);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    public void awaitServer() {
        Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> query("select 1")
                .equals("1"));
    }
}
