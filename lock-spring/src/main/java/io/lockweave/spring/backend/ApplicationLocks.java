package io.lockweave.spring.backend;

import io.lockweave.LockKey;
import io.lockweave.LockListener;
import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.config.BackendLocks;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackend;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The locks of every backend of an application, by name: the application's own beans, then what is made of its beans,
 * then what is made of properties alone. Safe for use from any thread.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class ApplicationLocks implements AutoCloseable {

    private static final Logger LOG = System.getLogger("io.lockweave.spring");

    /** What a store is asked for to see whether it answers; nobody locks it. */
    public static final LockKey PROBE = LockKey.of("lockweave.health");

    private final LockweaveConfig config;
    private final Map<String, Locks> own;
    private final Map<String, LockBackend> ownBackends;
    private final List<BackendSource> sources;
    private final List<AcquisitionListener> companions;
    private final Map<String, Locks> inUse = new ConcurrentHashMap<>();
    private final String primary;
    private final boolean localOnly;
    private final BackendLocks made;

    public ApplicationLocks(
            LockweaveConfig config,
            OwnBeans beans,
            List<BackendSource> sources,
            List<? extends LockListener> listeners,
            List<AcquisitionListener> companions) {
        this.companions = companions;
        this.config = config;
        this.own = beans.locks();
        this.ownBackends = beans.backends();
        this.sources = sources;
        this.localOnly = config.settings("test").flag("local-only", false);
        this.primary = primary(beans);
        this.made = new BackendLocks(config, this::open, listeners);
    }

    /**
     * The locks of a backend; of the primary one for an empty name. The companions go along with each acquisition, the
     * first one closest to the locks.
     *
     * @throws LockUsageException if there is no such backend, or its settings are wrong
     */
    public Locks get(String backend) {
        String name = backend.isEmpty() || localOnly ? primary : backend;
        Locks known = inUse.get(name);
        if (known != null) {
            return known;
        }
        Locks locks = listened(name);
        Locks first = inUse.putIfAbsent(name, locks);
        return first != null ? first : locks;
    }

    /** Those of the primary backend, those of the application, and what others are in use by now. */
    public Collection<Locks> all() {
        Set<String> names = new LinkedHashSet<>(Set.of(primary));
        if (!localOnly) {
            names.addAll(own.keySet());
        }
        names.addAll(new TreeSet<>(inUse.keySet()));
        return names.stream().map(this::get).toList();
    }

    private Locks plain(String name) {
        Locks locks = own.get(name);
        return locks != null ? locks : made.get(name);
    }

    private Locks listened(String name) {
        Locks locks = plain(name);
        for (AcquisitionListener companion : companions) {
            locks = new ObservedLocks(locks, companion);
        }
        return locks;
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
                .filter(source -> source.choosesItself() && source.available(config.settings(source.name())))
                .map(BackendSource::name)
                .toList();
        if (available.size() > 1) {
            throw new LockUsageException(
                    "The application could lock with each of " + String.join(", ", available)
                            + ", and lockweave.backend does not say which is the primary one",
                    "set lockweave.backend to one of them, or to local");
        }
        if (available.isEmpty()) {
            return LockweaveConfig.LOCAL;
        }
        LOG.log(
                Level.INFO,
                "Locks are kept in " + available.get(0)
                        + ", whose module and client are there; lockweave.backend may say" + " otherwise");
        return available.get(0);
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

    /**
     * Takes no new claims from outside, and waits until nothing is held any more or
     * {@code lockweave.shutdown.hold-time} is over. What is still held then is left to its lease by {@link #close}.
     */
    public void drain() {
        made.drain(Duration.ZERO).join();
    }

    /** Ends all waiting and closes what was made here; the application's own beans are left to it. */
    @Override
    public void close() {
        made.close();
    }
}
