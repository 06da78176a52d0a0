package io.lockweave.spring.backend;

import io.lockweave.Locks;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.spi.container.EntryCheck;
import io.lockweave.spi.container.LockEnvironment;
import io.lockweave.spi.container.NameSettings;
import io.lockweave.spi.container.Placeholders;
import io.lockweave.spi.container.ResultType;
import io.lockweave.spi.container.TransactionBoundary;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.expression.BeanResolver;

/**
 * Locked methods in an application context.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class BeanEnvironment implements LockEnvironment {

    private final LockweaveConfig config;
    private final ApplicationLocks locks;
    private final BeanResolver beans;
    private final @Nullable TransactionBoundary transactions;
    private final List<ResultType> resultTypes;
    private final List<EntryCheck> entryChecks;

    public BeanEnvironment(LockweaveConfig config, ApplicationLocks locks, ConfigurableListableBeanFactory beans) {
        this.config = config;
        this.locks = locks;
        this.beans = new BeanFactoryResolver(beans);
        this.transactions = beans.getBeanProvider(TransactionBoundary.class).getIfAvailable();
        this.entryChecks =
                beans.getBeanProvider(EntryCheck.class).orderedStream().toList();
        this.resultTypes =
                beans.getBeanProvider(ResultType.class).orderedStream().toList();
    }

    @Override
    public Locks locks(String backend) {
        return locks.get(backend);
    }

    @Override
    public NameSettings settings(String name) {
        return config.locks(name);
    }

    @Override
    public Placeholders placeholders() {
        return config.placeholders();
    }

    @Override
    public @Nullable TransactionBoundary transactions() {
        return transactions;
    }

    @Override
    public List<ResultType> resultTypes() {
        return resultTypes;
    }

    @Override
    public List<EntryCheck> entryChecks() {
        return entryChecks;
    }

    @Override
    public BeanResolver beans() {
        return beans;
    }
}
