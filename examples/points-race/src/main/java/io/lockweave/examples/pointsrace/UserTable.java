package io.lockweave.examples.pointsrace;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * The users in a database: whole rows are loaded and saved by two statements, and nothing guards the time in between.
 */
final class UserTable implements AutoCloseable {

    private static final int CONNECTIONS = 16;

    private final HikariDataSource pool;

    UserTable(String url) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        pool = new HikariDataSource(config);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists users");
            statement.execute("create table users (id bigint primary key, points bigint not null)");
            statement.execute("insert into users values (42, 0)");
        }
    }

    DataSource dataSource() {
        return pool;
    }

    void addPoints(long userId, int points) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            addPoints(connection, userId, points);
        }
    }

    /** Read, compute, write, on a connection of the caller's. */
    void addPoints(Connection connection, long userId, int points) throws SQLException {
        long before = points(connection, userId);
        update(connection, "update users set points = ? where id = ?", before + points, userId);
    }

    void update(Connection connection, String sql, long first, long second) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, first);
            statement.setLong(2, second);
            statement.executeUpdate();
        }
    }

    long points(Connection connection, long userId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select points from users where id = ?")) {
            statement.setLong(1, userId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    long points(long userId) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return points(connection, userId);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
