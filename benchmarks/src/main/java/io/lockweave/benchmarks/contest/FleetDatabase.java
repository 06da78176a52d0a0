package io.lockweave.benchmarks.contest;

import io.lockweave.testservers.database.MariaDbServer;
import io.lockweave.testservers.database.PostgresServer;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.h2.tools.Server;

/** The databases of {@link JdbcFleet}, each a server of its own, which ends with this JVM. */
enum FleetDatabase {
    /** Its waiters are told of releases; on the others they poll. */
    POSTGRESQL("create extension if not exists pg_stat_statements", "select sum(calls) from pg_stat_statements") {
        @Override
        String start() {
            return PostgresServer.launch(Map.of("shared_preload_libraries", "pg_stat_statements"))
                    .url();
        }
    },
    MARIADB(
            "select 1",
            "select variable_value from information_schema.global_status where variable_name = 'QUESTIONS'") {
        @Override
        String start() {
            return MariaDbServer.shared().url();
        }
    },
    H2("set query_statistics true", "select sum(execution_count) from information_schema.query_statistics") {
        @Override
        String start() throws Exception {
            String folder = Files.createTempDirectory("lockweave-h2").toString();
            Server server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", folder);
            return "jdbc:h2:tcp://127.0.0.1:" + server.start().getPort() + "/./locks;DB_CLOSE_DELAY=-1";
        }
    };

    private final String prepare;
    private final String statements;

    FleetDatabase(String prepare, String statements) {
        this.prepare = prepare;
        this.statements = statements;
    }

    /** The URL of the server: the system property {@code url}, or a new one. It counts its statements from then on. */
    String launch() throws Exception {
        String own = System.getProperty("url");
        String url = own == null ? start() : own;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(prepare);
        }
        return url;
    }

    abstract String start() throws Exception;

    /** How many statements it has run. */
    long count(String url) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(statements)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
