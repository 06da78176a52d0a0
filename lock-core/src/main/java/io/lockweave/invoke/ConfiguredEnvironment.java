package io.lockweave.invoke;

import io.lockweave.Locks;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.config.ProgramLoaders;
import io.lockweave.spi.container.EntryCheck;
import io.lockweave.spi.container.LockEnvironment;
import io.lockweave.spi.container.NameSettings;
import io.lockweave.spi.container.Placeholders;
import io.lockweave.spi.container.ResultType;
import io.lockweave.spi.container.TransactionBoundary;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.expression.BeanResolver;

/**
 * An environment with names, times and placeholders as configured. A container adds what it has.
 *
 * @param config the configuration
 * @param backends the locks of a backend; of the primary one for an empty name
 * @param transactions the transactions a lock can end with, or null if there are none
 * @param resultTypes kinds of results that come later
 * @param entryChecks what is asked before a locked method runs
 * @param beans resolves {@code @bean} in expressions, or null if there are none
 */
public record ConfiguredEnvironment(
        LockweaveConfig config,
        Function<String, Locks> backends,
        @Nullable TransactionBoundary transactions,
        List<ResultType> resultTypes,
        List<EntryCheck> entryChecks,
        @Nullable BeanResolver beans)
        implements LockEnvironment {

    /** The environment of a program without a container. */
    public ConfiguredEnvironment(LockweaveConfig config, Function<String, Locks> backends) {
        this(config, ProgramLoaders.of(null), backends);
    }

    /** The environment of a program without a container, with what these loaders have for results and transactions. */
    public ConfiguredEnvironment(LockweaveConfig config, ProgramLoaders loaders, Function<String, Locks> backends) {
        this(
                config,
                backends,
                loaders.services(TransactionBoundary.class).stream().findFirst().orElse(null),
                loaders.services(ResultType.class),
                List.of(),
                null);
    }

    @Override
    public Locks locks(String backend) {
        return backends.apply(backend);
    }

    @Override
    public NameSettings settings(String name) {
        return config.locks(name);
    }

    @Override
    public Placeholders placeholders() {
        return config.placeholders();
    }
}
