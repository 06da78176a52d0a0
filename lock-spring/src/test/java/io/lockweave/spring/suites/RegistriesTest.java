package io.lockweave.spring.suites;

import io.lockweave.Locks;
import io.lockweave.spi.LockBackend;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.springframework.core.io.ClassPathResource;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.support.locks.LockRegistry;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** Spring Integration's rules of registries, for one of its own and for ours on two backends that processes share. */
class RegistriesTest {

    private static Stores stores;

    @BeforeAll
    static void start() {
        stores = new Stores();
        new ResourceDatabasePopulator(new ClassPathResource("org/springframework/integration/jdbc/schema-h2.sql"))
                .execute(stores.database());
    }

    @AfterAll
    static void stop() {
        stores.close();
    }

    /** Shows that the contract is Spring Integration's. */
    @Nested
    class ItsOwnOnADatabase extends RegistryContract {

        private final JdbcLockRegistry here = registry();
        private final JdbcLockRegistry there = registry();

        private static JdbcLockRegistry registry() {
            DefaultLockRepository repository = new DefaultLockRepository(stores.database());
            repository.setTransactionManager(new DataSourceTransactionManager(stores.database()));
            repository.afterPropertiesSet();
            repository.afterSingletonsInstantiated();
            repository.start();
            JdbcLockRegistry registry = new JdbcLockRegistry(repository);
            registry.setIdleBetweenTries(Duration.ofMillis(5));
            return registry;
        }

        @Override
        LockRegistry<? extends Lock> here() {
            return here;
        }

        @Override
        LockRegistry<? extends Lock> there() {
            return there;
        }
    }

    /** Ours, of two processes. */
    abstract static class Ours extends RegistryDifferences {

        private final Locks here;
        private final Locks there;

        Ours(LockBackend here, LockBackend there) {
            this.here = Locks.builder(here).build();
            this.there = Locks.builder(there).build();
        }

        @AfterEach
        void close() {
            here.close();
            there.close();
        }

        @Override
        Locks locksHere() {
            return here;
        }

        @Override
        Locks locksThere() {
            return there;
        }
    }

    @Nested
    class OnRedis extends Ours {
        OnRedis() {
            super(stores.redis(), stores.redis());
        }
    }

    @Nested
    class OnALeaseTable extends Ours {
        OnALeaseTable() {
            super(stores.lease(), stores.lease());
        }
    }
}
