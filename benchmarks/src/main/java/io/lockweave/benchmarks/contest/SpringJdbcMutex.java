package io.lockweave.benchmarks.contest;

import java.util.concurrent.locks.Lock;
import javax.sql.DataSource;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** Spring Integration's JdbcLockRegistry with its defaults. */
final class SpringJdbcMutex implements Mutex {

    static final String TABLE =
            "create table if not exists INT_LOCK (lock_key char(36) not null, region varchar(100) not null,"
                    + " client_id char(36), created_date timestamp not null, expired_after timestamp not null,"
                    + " constraint int_lock_pk primary key (lock_key, region))";

    private final DefaultLockRepository repository;
    private final JdbcLockRegistry registry;

    SpringJdbcMutex(DataSource source) {
        repository = new DefaultLockRepository(source);
        repository.setTransactionManager(new DataSourceTransactionManager(source));
        repository.afterPropertiesSet();
        repository.afterSingletonsInstantiated();
        repository.start();
        registry = new JdbcLockRegistry(repository);
    }

    @Override
    public void run(String key, Runnable body) {
        Lock lock = registry.obtain(key);
        lock.lock();
        try {
            body.run();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        repository.close();
    }
}
