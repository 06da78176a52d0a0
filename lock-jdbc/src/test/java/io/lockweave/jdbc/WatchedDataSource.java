package io.lockweave.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Counts statements and commits, and notes connections that are given back otherwise than they were found. */
final class WatchedDataSource {

    final AtomicInteger statements = new AtomicInteger();
    final List<String> changed = new CopyOnWriteArrayList<>();

    /** What a user of a connection must not leave changed. */
    private record State(boolean autoCommit, int isolation, boolean readOnly, int timeout, String catalog) {

        static State of(Connection c) throws SQLException {
            int timeout = Database.detect(c.getMetaData()).hasNetworkTimeout() ? c.getNetworkTimeout() : 0;
            return new State(
                    c.getAutoCommit(),
                    c.getTransactionIsolation(),
                    c.isReadOnly(),
                    timeout,
                    String.valueOf(c.getCatalog()));
        }
    }

    DataSource watching(DataSource dataSource) {
        return proxy(DataSource.class, dataSource, (proxy, method, arguments) -> {
            Object result = call(dataSource, method, arguments);
            return result instanceof Connection connection ? watched(connection) : result;
        });
    }

    private Connection watched(Connection connection) throws SQLException {
        State found = State.of(connection);
        if (!found.autoCommit()) {
            connection.rollback(); // looking at it began a transaction
        }
        return proxy(Connection.class, connection, (proxy, method, arguments) -> {
            if (method.getName().equals("close") && !connection.isClosed()) {
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
            if (method.getName().startsWith("execute")) {
                statements.incrementAndGet();
            }
            return call(statement, method, arguments);
        });
    }

    static Object call(Object target, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
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
