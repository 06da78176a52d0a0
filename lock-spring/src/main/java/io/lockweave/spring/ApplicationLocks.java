package io.lockweave.spring;

import io.lockweave.LockListener;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.config.BackendLocks;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackend;
import java.util.List;
import java.util.Map;

/**
 * The locks of every backend of an application, by name: the application's own beans, then what is made of its beans, then
 * what is made of properties alone. Safe for use from any thread.
 */
final class ApplicationLocks implements AutoCloseable {

    private final LockweaveConfig config;
    private final Map<String, Locks> own;
    private final Map<String, LockBackend> ownBackends;
    private final List<BackendSource> sources;
    private final String primary;
    private final boolean localOnly;
    private final BackendLocks made;

    ApplicationLocks(
            LockweaveConfig config,
            OwnBeans beans,
            List<BackendSource> sources,
            List<? extends LockListener> listeners) {
        this.config = config;
        this.own = beans.locks();
        this.ownBackends = beans.backends();
        this.sources = sources;
        this.localOnly = config.settings("test").flag("local-only", false);
        this.primary = primary(beans);
        this.made = new BackendLocks(config, this::open, listeners);
    }

    /**
     * The locks of a backend; of the primary one for an empty name.
     *
     * @throws LockUsageException if there is no such backend, or its settings are wrong
     */
    Locks get(String backend) {
        String name = backend.isEmpty() || localOnly ? primary : backend;
        Locks locks = own.get(name);
        return locks != null ? locks : made.get(name);
    }

    private String primary(OwnBeans beans) {
        if (localOnly) {
            return LockweaveConfig.LOCAL;
        }
        if (config.backendChosen()) {
            return config.backend();
        }
        String ownPrimary = beans.primary();
        if (ownPrimary != null) {
            return ownPrimary;
        }
        List<String> available = sources.stream()
                .filter(source -> source.available(config.settings(source.name())))
                .map(BackendSource::name)
                .toList();
        if (available.size() > 1) {
            throw new LockUsageException(
                    "The application could lock with each of " + String.join(", ", available)
                            + ", and lockweave.backend does not say which is the primary one",
                    "set lockweave.backend to one of them, or to local");
        }
        return available.isEmpty() ? LockweaveConfig.LOCAL : available.get(0);
    }

    private LockBackend open(String name) {
        LockBackend bean = localOnly ? null : ownBackends.get(name);
        if (bean != null) {
            return bean;
        }
        for (BackendSource source : sources) {
            BackendSettings settings = config.settings(name);
            if (source.name().equals(name) && source.available(settings)) {
                return source.open(settings);
            }
        }
        return config.open(name);
    }

    /** Ends all waiting and closes what was made here; the application's own beans are left to it. */
    @Override
    public void close() {
        made.close();
    }
}
