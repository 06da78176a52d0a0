package io.lockweave.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A network that keeps one statement for a while: the caller's connection is cut, and the statement reaches the
 * database when it is delivered.
 */
final class LateDataSource {

    /** What the caller does to a connection that is dead for it, and the database does not hear of. */
    private static final Set<String> ENDS = Set.of("close", "isClosed", "abort", "rollback");

    /** Whether the next statement is kept. */
    final AtomicBoolean next = new AtomicBoolean();

    /** Whether the next commit is kept, and its transaction with it. */
    final AtomicBoolean nextCommit = new AtomicBoolean();

    private final DataSource dataSource;
    private final AtomicReference<@Nullable Connection> uncommitted = new AtomicReference<>();
    private final AtomicReference<@Nullable Kept> kept = new AtomicReference<>();

    /** A call that sets a value. */
    private record Setting(Method method, Object[] arguments) {}

    private record Kept(String sql, List<Setting> settings) {}

    LateDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    DataSource keeping() {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = WatchedDataSource.call(dataSource, method, arguments);
            return result instanceof Connection connection ? keeping(connection) : result;
        });
    }

    private Connection keeping(Connection connection) {
        AtomicBoolean dead = new AtomicBoolean();
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("commit") && nextCommit.getAndSet(false)) {
                uncommitted.set(connection);
                dead.set(true);
                throw gone();
            }
            if (uncommitted.get() == connection && ENDS.contains(method.getName())) {
                return method.getName().equals("isClosed") ? true : null;
            }
            if (dead.get()
                    && !method.getName().equals("close")
                    && !method.getName().equals("isClosed")) {
                throw gone();
            }
            Object result = WatchedDataSource.call(connection, method, arguments);
            return result instanceof PreparedStatement statement
                    ? keeping(statement, (String) arguments[0], dead)
                    : result;
        });
    }

    private PreparedStatement keeping(PreparedStatement statement, String sql, AtomicBoolean dead) {
        List<Setting> settings = new ArrayList<>();
        return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
            if (method.getName().startsWith("set") && arguments.length == 2) {
                settings.add(new Setting(method, arguments));
            }
            if (method.getName().startsWith("execute") && next.getAndSet(false)) {
                kept.set(new Kept(sql, settings));
                dead.set(true);
                throw gone();
            }
            return WatchedDataSource.call(statement, method, arguments);
        });
    }

    /** Has the commit that was kept reach the database. */
    void deliverCommit() throws SQLException {
        Connection late = uncommitted.getAndSet(null);
        if (late == null) {
            throw new IllegalStateException("no commit was kept");
        }
        try (late) {
            late.commit();
        }
    }

    private static SQLException gone() {
        return new SQLNonTransientConnectionException("the network is gone", "08006");
    }

    /** Has the statement that was kept reach the database. */
    void deliver() throws Throwable {
        Kept late = kept.getAndSet(null);
        if (late == null) {
            throw new IllegalStateException("nothing was kept");
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(late.sql())) {
            for (Setting setting : late.settings()) {
                WatchedDataSource.call(statement, setting.method(), setting.arguments());
            }
            statement.execute();
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(LateDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
