package io.lockweave.jdbc;

import io.lockweave.jdbc.lease.LeaseStore;
import io.lockweave.spi.Capability;
import io.lockweave.spi.LockBackend;
import io.lockweave.testkit.ForkedHolder;
import io.lockweave.testkit.contract.StoreBackendContract;
import io.lockweave.testkit.contract.StoreHook;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** The contract on a lease table; a database is one small class. */
abstract class LeaseBackendContract extends StoreBackendContract
        implements StoreHook.LosesItsData, StoreHook.CountsItsEntries, StoreHook.GoesDown {

    private final FailingDataSource dataSource = new FailingDataSource(pool());

    abstract TestDatabase database();

    /** Where the backends under test get their connections. */
    DataSource pool() {
        return database().pool();
    }

    /** The table these tests use. */
    String table() {
        return "lockweave_contract";
    }

    LeaseBuilder builder() {
        return JdbcBackend.lease(dataSource)
                .table(table())
                .initializeSchema(true)
                .keepFreeAsShortAs(Duration.ZERO);
    }

    @Override
    protected LockBackend newBackend() {
        return builder().build();
    }

    @Override
    protected Set<Capability> capabilities() {
        return EnumSet.of(
                Capability.SHARED,
                Capability.PERMITS,
                Capability.LEASE,
                Capability.CROSS_PROCESS,
                Capability.TOGETHER,
                Capability.DURABLE_FENCE);
    }

    @Override
    public void loseData() {
        database().execute("delete from " + table());
    }

    @Override
    public long entries() {
        letPass(Duration.ofMillis(
                5)); // a new row's fence is a millisecond ahead of the clock that the clean-up goes by
        try (LeaseStore store = (LeaseStore) builder().build();
                Connection connection = database().pool().getConnection();
                Statement statement = connection.createStatement()) {
            store.cleanUpNow();
            try (ResultSet count = statement.executeQuery("select count(*) from " + table())) {
                count.next();
                return count.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void goDown() {
        dataSource.fail(true);
    }

    @Override
    public void comeBack() {
        dataSource.fail(false);
    }

    /** Makes a backend on the database with this URL in another JVM. */
    public static final class Maker implements ForkedHolder.BackendMaker {

        @Override
        public LockBackend make(List<String> arguments) {
            return JdbcBackend.lease(TestDatabase.newPool(arguments.get(0), 4))
                    .table(arguments.get(1))
                    .build();
        }
    }
}
