package io.lockweave.jdbc;

import io.lockweave.jdbc.dialect.Dialects;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Counts statements and connections, and notes connections that are given back otherwise than they were found. */
public final class WatchedDataSource {

    public final AtomicInteger statements = new AtomicInteger();
    public final List<String> changed = new CopyOnWriteArrayList<>();

    /** The most connections that were out at the same time. */
    public final AtomicInteger mostLent = new AtomicInteger();

    /** Run once, before the next statement. */
    public final AtomicReference<@Nullable Runnable> beforeStatement = new AtomicReference<>();

    /** Run once, between the next statement and its reply. */
    public final AtomicReference<@Nullable Runnable> beforeReply = new AtomicReference<>();

    private final AtomicInteger lent = new AtomicInteger();

    /** What a user of a connection must not leave changed. */
    private record State(boolean autoCommit, int isolation, boolean readOnly, int timeout, String catalog) {

        static State of(Connection c) throws SQLException {
            int timeout = Dialects.detect(c.getMetaData()).hasNetworkTimeout() ? c.getNetworkTimeout() : 0;
            return new State(
                    c.getAutoCommit(),
                    c.getTransactionIsolation(),
                    c.isReadOnly(),
                    timeout,
                    String.valueOf(c.getCatalog()));
        }
    }

    public DataSource watching(DataSource dataSource) {
        return proxy(DataSource.class, dataSource, (proxy, method, arguments) -> {
            Object result = call(dataSource, method, arguments);
            if (!(result instanceof Connection connection)) {
                return result;
            }
            int now = lent.incrementAndGet();
            mostLent.accumulateAndGet(now, Math::max);
            return watched(connection);
        });
    }

    private Connection watched(Connection connection) throws SQLException {
        State found = State.of(connection);
        if (!found.autoCommit()) {
            connection.rollback(); // looking at it began a transaction
        }
        return proxy(Connection.class, connection, (proxy, method, arguments) -> {
            if (method.getName().equals("close") && !connection.isClosed()) {
                lent.decrementAndGet();
                State left = State.of(connection);
                if (!left.equals(found)) {
                    changed.add(found + " -> " + left);
                }
                if (!left.autoCommit()) {
                    connection.rollback();
                }
            }
            Object result = call(connection, method, arguments);
            return result instanceof PreparedStatement statement ? counted(statement) : result;
        });
    }

    private PreparedStatement counted(PreparedStatement statement) {
        return proxy(PreparedStatement.class, statement, (proxy, method, arguments) -> {
            boolean executes = method.getName().startsWith("execute");
            if (!executes) {
                return call(statement, method, arguments);
            }
            statements.incrementAndGet();
            runOnce(beforeStatement);
            Object result = call(statement, method, arguments);
            runOnce(beforeReply);
            return result;
        });
    }

    private static void runOnce(AtomicReference<@Nullable Runnable> once) {
        Runnable action = once.getAndSet(null);
        if (action != null) {
            action.run();
        }
    }

    public static Object call(Object target, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, T target, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(WatchedDataSource.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
