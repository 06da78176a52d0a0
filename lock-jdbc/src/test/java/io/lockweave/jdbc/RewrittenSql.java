package io.lockweave.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A data source whose statements are others than were asked for: a database that only resembles the one behind it. */
final class RewrittenSql {

    /** What becomes of a statement. */
    interface Rewrite {
        String of(String sql) throws SQLException;
    }

    private RewrittenSql() {}

    static DataSource of(DataSource dataSource, Rewrite rewrite) {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = WatchedDataSource.call(dataSource, method, arguments);
            return result instanceof Connection connection ? rewritten(connection, rewrite) : result;
        });
    }

    private static Connection rewritten(Connection connection, Rewrite rewrite) {
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals("prepareStatement")) {
                arguments[0] = rewrite.of((String) arguments[0]);
            }
            return WatchedDataSource.call(connection, method, arguments);
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(RewrittenSql.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
