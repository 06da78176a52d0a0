package io.lockweave.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.lockweave.testservers.database.MariaDbServer;
import io.lockweave.testservers.database.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The databases of the tests, each with one pool for the whole JVM, begun by the first who asks. */
public enum TestDatabase {
    H2 {
        @Override
        String newUrl() {
            return "jdbc:h2:mem:locks;DB_CLOSE_DELAY=-1";
        }
    },
    HSQLDB {
        @Override
        String newUrl() {
            return "jdbc:hsqldb:mem:locks";
        }
    },
    DERBY {
        @Override
        String newUrl() {
            return "jdbc:derby:memory:locks;create=true";
        }
    },
    SQLITE {
        @Override
        String newUrl() {
            try {
                return "jdbc:sqlite:"
                        + Files.createTempDirectory("lockweave-sqlite").resolve("locks.db")
                        + "?journal_mode=WAL&synchronous=NORMAL&busy_timeout=10000";
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    },
    POSTGRESQL {
        @Override
        String newUrl() {
            return PostgresServer.shared().url();
        }
    },
    MARIADB {
        @Override
        String newUrl() {
            return MariaDbServer.shared().url();
        }
    },
    /** MariaDB through the driver of MySQL. */
    MARIADB_BY_MYSQL {
        @Override
        String newUrl() {
            return MariaDbServer.shared().mysqlUrl();
        }
    },
    /** A server of the tester's own, or a container: see {@link RealServers}. */
    MYSQL {
        @Override
        String newUrl() {
            return RealServers.MYSQL_CONTAINER;
        }
    },
    SQLSERVER {
        @Override
        String newUrl() {
            return RealServers.SQLSERVER_CONTAINER;
        }
    },
    ORACLE {
        @Override
        String newUrl() {
            return RealServers.ORACLE_CONTAINER;
        }
    };

    private static final Map<TestDatabase, HikariDataSource> POOLS = new ConcurrentHashMap<>();
    private static final Map<TestDatabase, String> URLS = new ConcurrentHashMap<>();

    abstract String newUrl();

    public String url() {
        return URLS.computeIfAbsent(this, database -> {
            String own = RealServers.own(database);
            return own == null ? database.newUrl() : own;
        });
    }

    /** The pool that all tests share. */
    public HikariDataSource pool() {
        return POOLS.computeIfAbsent(this, database -> database.newPool(16));
    }

    /** A pool of one test, which closes it. */
    public HikariDataSource newPool(int size) {
        return newPool(url(), size);
    }

    /** A pool of one test, which closes it, with settings of its own. */
    public HikariDataSource newPool(int size, Consumer<HikariConfig> settings) {
        HikariConfig config = config(url(), size);
        settings.accept(config);
        return new HikariDataSource(config);
    }

    /** A pool on another server. */
    public static HikariDataSource newPool(String url, int size) {
        return new HikariDataSource(config(url, size));
    }

    private static HikariConfig config(String url, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(TimeUnit.SECONDS.toMillis(10));
        return config;
    }

    /** Runs SQL as a user of the database would. */
    public void execute(String... statements) {
        try (Connection connection = pool().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
