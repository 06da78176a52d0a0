package io.lockweave.invoke;

import io.lockweave.Locks;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.config.NameSettings;
import io.lockweave.config.Placeholders;
import io.lockweave.spi.ResultType;
import io.lockweave.spi.TransactionBoundary;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The environment of a program without a container. */
public final class ConfiguredEnvironment implements LockEnvironment {

    private final LockweaveConfig config;
    private final Function<String, Locks> locks;
    private final List<ResultType> resultTypes = services(ResultType.class);
    private final @Nullable TransactionBoundary transactions =
            services(TransactionBoundary.class).stream().findFirst().orElse(null);

    /** Names, times and placeholders as configured; the locks of a backend from the function. */
    public ConfiguredEnvironment(LockweaveConfig config, Function<String, Locks> locks) {
        this.config = config;
        this.locks = locks;
    }

    private static <S> List<S> services(Class<S> type) {
        return ServiceLoader.load(type).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
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
