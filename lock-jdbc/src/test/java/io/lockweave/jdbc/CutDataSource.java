package io.lockweave.jdbc;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLNonTransientConnectionException;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Cuts the connection once, when the next statement is executed: before it was done, or after that. */
final class CutDataSource {

    /** When to cut. */
    enum When {
        BEFORE,
        AFTER
    }

    final AtomicReference<@Nullable When> next = new AtomicReference<>();

    DataSource cutting(DataSource dataSource) {
        return proxy(DataSource.class, dataSource);
    }

    private <T> T proxy(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                CutDataSource.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    boolean executes = method.getName().startsWith("execute");
                    When cut = executes ? next.getAndSet(null) : null;
                    if (cut == When.BEFORE) {
                        throw gone();
                    }
                    Object result = WatchedDataSource.call(target, method, arguments);
                    if (cut == When.AFTER) {
                        throw gone();
                    }
                    if (result instanceof Connection connection && type == DataSource.class) {
                        return proxy(Connection.class, connection);
                    }
                    return result instanceof PreparedStatement statement
                            ? proxy(PreparedStatement.class, statement)
                            : result;
                }));
    }

    private static SQLNonTransientConnectionException gone() {
        return new SQLNonTransientConnectionException("the connection was cut", "08006");
    }
}
