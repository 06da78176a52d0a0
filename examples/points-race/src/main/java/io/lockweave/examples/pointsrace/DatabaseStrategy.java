package io.lockweave.examples.pointsrace;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.Locks;
import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.jdbc.RowLock;
import io.lockweave.jdbc.RowLocks;
import io.lockweave.spi.LockBackend;
import io.lockweave.testservers.database.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Rows whose users are in a database: unguarded, under our locks, and beside them the ways that need no lock of ours.
 */
final class DatabaseStrategy implements Strategy {

    /** One request, in whatever way. */
    @FunctionalInterface
    private interface Way {
        void addPoints(UserTable users, long userId, int points) throws SQLException;
    }

    private static final RowLocks ROW_LOCKS = new RowLocks();
    private static final String IN_MEMORY = "jdbc:h2:mem:race;DB_CLOSE_DELAY=-1";

    private final String name;
    private final boolean losesNothing;
    private final UserTable users;
    private final Way way;
    private final @Nullable Locks locks;

    private DatabaseStrategy(String name, boolean losesNothing, UserTable users, Way way, @Nullable Locks locks) {
        this.name = name;
        this.losesNothing = losesNothing;
        this.users = users;
        this.way = way;
        this.locks = locks;
    }

    /** All of them, to be opened one after the other. */
    static List<Callable<Strategy>> all() {
        return List.of(
                () -> plain("no lock, PostgreSQL", false, UserTable::addPoints),
                () -> locked("lease table, H2", IN_MEMORY, DatabaseStrategy::lease),
                () -> locked("lease table, PostgreSQL", PostgresServer.shared().url(), DatabaseStrategy::lease),
                () -> locked(
                        "advisory lock, PostgreSQL",
                        PostgresServer.shared().url(),
                        source -> JdbcBackend.session(source).build()),
                () -> plain("row lock, PostgreSQL", true, DatabaseStrategy::underRowLock),
                () -> plain("points = points + ?", true, DatabaseStrategy::inOneStatement),
                () -> plain("update first, PostgreSQL", true, DatabaseStrategy::updatingFirst));
    }

    private static LockBackend lease(DataSource source) {
        return JdbcBackend.lease(source).initializeSchema(true).build();
    }

    private static Strategy plain(String name, boolean losesNothing, Way way) throws SQLException {
        UserTable users = new UserTable(PostgresServer.shared().url());
        return new DatabaseStrategy(name, losesNothing, users, way, null);
    }

    private static Strategy locked(String name, String url, Function<DataSource, LockBackend> backend)
            throws SQLException {
        UserTable users = new UserTable(url);
        Locks locks = Locks.builder(backend.apply(users.dataSource())).build();
        Way way = (table, userId, points) -> {
            try (HeldLock held = locks.acquire(LockKey.of("user", userId))) {
                table.addPoints(userId, points);
            }
        };
        return new DatabaseStrategy(name, true, users, way, locks);
    }

    /** SELECT ... FOR UPDATE in the request's own transaction. */
    private static void underRowLock(UserTable users, long userId, int points) throws SQLException {
        inTransaction(users, connection -> {
            ROW_LOCKS.lock(connection, RowLock.of("users", userId));
            users.addPoints(connection, userId, points);
        });
    }

    /** No lock at all: the database reads, adds and writes in one step. Where the new value can be said in SQL. */
    private static void inOneStatement(UserTable users, long userId, int points) throws SQLException {
        inTransaction(
                users,
                connection ->
                        users.update(connection, "update users set points = points + ? where id = ?", points, userId));
    }

    /** An update that changes nothing takes the row lock before the row is read. */
    private static void updatingFirst(UserTable users, long userId, int points) throws SQLException {
        inTransaction(users, connection -> {
            users.update(connection, "update users set points = points + ? where id = ?", 0, userId);
            users.addPoints(connection, userId, points);
        });
    }

    /** What a transaction does. */
    @FunctionalInterface
    private interface Work {
        void on(Connection connection) throws SQLException;
    }

    private static void inTransaction(UserTable users, Work work) throws SQLException {
        try (Connection connection = users.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            work.on(connection);
            connection.commit();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean losesNothing() {
        return losesNothing;
    }

    @Override
    public void addPoints(long userId, int points) throws SQLException {
        way.addPoints(users, userId, points);
    }

    @Override
    public long points(long userId) throws SQLException {
        return users.points(userId);
    }

    @Override
    public void close() {
        if (locks != null) {
            locks.close();
        }
        users.close();
    }
}
