package io.lockweave.invoke;

import io.lockweave.Locks;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.config.ProgramLoaders;
import io.lockweave.spi.container.LockEnvironment;
import io.lockweave.spi.container.NameSettings;
import io.lockweave.spi.container.Placeholders;
import io.lockweave.spi.container.ResultType;
import io.lockweave.spi.container.TransactionBoundary;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The environment of a program without a container. */
public final class ConfiguredEnvironment implements LockEnvironment {

    private final LockweaveConfig config;
    private final Function<String, Locks> locks;
    private final List<ResultType> resultTypes;
    private final @Nullable TransactionBoundary transactions;

    /** Names, times and placeholders as configured; the locks of a backend from the function. */
    public ConfiguredEnvironment(LockweaveConfig config, Function<String, Locks> locks) {
        this(config, ProgramLoaders.of(null), locks);
    }

    /**
     * As {@link #ConfiguredEnvironment(LockweaveConfig, Function)}, with what these loaders have for results and
     * transactions.
     */
    public ConfiguredEnvironment(LockweaveConfig config, ProgramLoaders loaders, Function<String, Locks> locks) {
        this.config = config;
        this.locks = locks;
        this.resultTypes = loaders.services(ResultType.class);
        this.transactions =
                loaders.services(TransactionBoundary.class).stream().findFirst().orElse(null);
    }

    @Override
    public Locks locks(String backend) {
        return locks.apply(backend);
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
}
