package io.lockweave.spring.jdbc;

import io.lockweave.spi.LockBackend;
import io.lockweave.spring.backend.ApplicationLocks;
import java.util.Set;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDependsOnDatabaseInitializationDetector;

/**
 * Locks begin when the schema is there: Flyway, Liquibase or {@code schema.sql} may create the lock table. Spring Boot
 * finds this by itself.
 */
final class LocksAfterSchema extends AbstractBeansOfTypeDependsOnDatabaseInitializationDetector {

    @Override
    protected Set<Class<?>> getDependsOnDatabaseInitializationBeanTypes() {
        return Set.of(ApplicationLocks.class, LockBackend.class);
    }
}
