package io.lockweave.jdbc.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.jdbc.JdbcBackend;
import io.lockweave.jdbc.TestDatabase;
import io.lockweave.jdbc.WatchedDataSource;
import io.lockweave.spi.Capability;
import io.lockweave.spi.LockStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A pooler that switches sessions between transactions: what was listened for is listened for on another session. */
class PoolerIT {

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(PoolerIT.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Statement deaf(Statement statement) {
        return proxy(Statement.class, (proxy, method, arguments) -> {
            boolean listens = method.getName().equals("execute") && ((String) arguments[0]).startsWith("listen ");
            return listens ? false : WatchedDataSource.call(statement, method, arguments);
        });
    }

    @Test
    void waitersPollWhereNotificationsDoNotArrive() {
        DataSource pooler = proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = WatchedDataSource.call(TestDatabase.POSTGRESQL.pool(), method, arguments);
            return !(result instanceof Connection connection)
                    ? result
                    : proxy(Connection.class, (inner, called, values) -> {
                        Object made = WatchedDataSource.call(connection, called, values);
                        return called.getName().equals("createStatement") ? deaf((Statement) made) : made;
                    });
        });
        try (LockStore store = JdbcBackend.lease(pooler)
                        .table("pooled_lock")
                        .initializeSchema(true)
                        .build();
                LockStore direct = JdbcBackend.lease(TestDatabase.POSTGRESQL.pool())
                        .table("pooled_lock")
                        .build()) {
            assertThat(store.capabilities()).doesNotContain(Capability.PUSH);
            assertThat(direct.capabilities()).contains(Capability.PUSH);
        }
    }
}
