package io.lockweave.jdbc;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Cuts a connection once and for all, when the next statement is executed: before it was done, or after that. */
public final class CutDataSource {

    /** When to cut. */
    public enum When {
        BEFORE,
        AFTER
    }

    public final AtomicReference<@Nullable When> next = new AtomicReference<>();

    public DataSource cutting(DataSource dataSource) {
        return proxy(DataSource.class, dataSource, new AtomicBoolean());
    }

    private <T> T proxy(Class<T> type, T target, AtomicBoolean dead) {
        return type.cast(Proxy.newProxyInstance(
                CutDataSource.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (dead.get()
                            && !method.getName().equals("close")
                            && !method.getName().equals("isClosed")) {
                        throw new SQLException("Connection is closed"); // as a pool says it
                    }
                    When cut = method.getName().startsWith("execute") ? next.getAndSet(null) : null;
                    Object result = cut == When.BEFORE ? null : WatchedDataSource.call(target, method, arguments);
                    if (cut != null) {
                        dead.set(true);
                        throw gone();
                    }
                    if (result instanceof Connection connection && type == DataSource.class) {
                        return proxy(Connection.class, connection, new AtomicBoolean());
                    }
                    return result instanceof PreparedStatement statement
                            ? proxy(PreparedStatement.class, statement, dead)
                            : result;
                }));
    }

    private static SQLNonTransientConnectionException gone() {
        return new SQLNonTransientConnectionException("the connection was cut", "08006");
    }
}
