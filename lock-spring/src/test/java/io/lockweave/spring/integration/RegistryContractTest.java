package io.lockweave.spring.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.HeldLock;
import io.lockweave.LockKey;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.spi.Capability;
import io.lockweave.spi.LockBackend;
import io.lockweave.testkit.contract.StoreBackendContract;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** The contract on Spring Integration's registry of locks in a database; each backend has a registry of its own. */
class RegistryContractTest extends StoreBackendContract {

    private static JdbcConnectionPool database;

    @BeforeAll
    static void createTable() {
        database = JdbcConnectionPool.create("jdbc:h2:mem:registry;DB_CLOSE_DELAY=-1", "sa", "");
        database.setMaxConnections(40);
        new ResourceDatabasePopulator(new ClassPathResource("org/springframework/integration/jdbc/schema-h2.sql"))
                .execute(database);
    }

    @AfterAll
    static void dropAll() {
        database.dispose();
    }

    @Override
    protected LockBackend newBackend() {
        DefaultLockRepository repository = new DefaultLockRepository(database);
        repository.setTransactionManager(new DataSourceTransactionManager(database));
        repository.afterPropertiesSet();
        repository.afterSingletonsInstantiated();
        repository.start();
        return new LockRegistryStore(new JdbcLockRegistry(repository), Duration.ofSeconds(10), Duration.ofSeconds(2));
    }

    @Override
    protected Set<Capability> capabilities() {
        return EnumSet.of(Capability.CROSS_PROCESS);
    }

    private static LockKey key() {
        return LockKey.of(RegistryContractTest.class.getName(), System.nanoTime());
    }

    /** A registry says of other processes that they hold a lock, and not which of them. */
    @Override
    @Test
    public void findTellsWhoHoldsAKey() {
        inspectSeesTheHolderInAnotherJvm();
    }

    /** As {@link #findTellsWhoHoldsAKey}. */
    @Override
    @Test
    public void inspectSeesTheHolderInAnotherJvm() {
        LockKey key = key();
        try (Locks here = Locks.builder(newBackend()).build();
                Locks there = Locks.builder(newBackend()).build()) {
            assertThat(here.isLocked(key)).isFalse();
            try (HeldLock held = there.acquire(key)) {
                assertThat(here.inspect(key).holders())
                        .singleElement()
                        .satisfies(holder -> assertThat(holder.place().host()).isEqualTo("another process"));
                assertThat(there.inspect(key).holders()).singleElement().satisfies(holder -> assertThat(holder.fence())
                        .isEqualTo(held.fence()));
            }
            assertThat(here.isLocked(key)).isFalse();
        }
    }

    /** A registry frees nobody else's locks, and says so. */
    @Override
    @Test
    public void rule10_aHoldThatWasForcedOpenIsLostAndNeverTakenBack() {
        LockKey key = key();
        try (Locks here = Locks.builder(newBackend()).build();
                Locks there = Locks.builder(newBackend()).build()) {
            HeldLock held = there.acquire(key);
            assertThatThrownBy(() -> here.forceRelease(key))
                    .isInstanceOf(LockUsageException.class)
                    .hasMessageContaining("another process");
            assertThat(held.isHeld()).isTrue();
            assertThat(there.forceRelease(key)).isTrue();
            assertThat(held.isLost()).isTrue();
            held.close();
            here.acquire(key).close();
        }
    }
}
