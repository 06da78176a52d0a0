package io.lockweave.config;

import io.lockweave.LockUsageException;
import io.lockweave.local.LocalBackend;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackend;
import io.lockweave.spi.LockBackendFactory;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The backends on the class path. */
final class BackendCatalog {

    /** Where the backends that come with Lockweave are, for those who asked for one without adding it. */
    static final Map<String, String> MODULES =
            Map.of("redis", "io.lockweave:lock-redis", "jdbc", "io.lockweave:lock-jdbc");

    private final Map<String, LockBackendFactory> factories;

    private BackendCatalog(Map<String, LockBackendFactory> factories) {
        this.factories = factories;
    }

    static BackendCatalog of(ProgramLoaders loaders) {
        Map<String, LockBackendFactory> found = new TreeMap<>();
        found.put(LockweaveConfig.LOCAL, new Local());
        loaders.services(LockBackendFactory.class).forEach(factory -> found.putIfAbsent(factory.name(), factory));
        return new BackendCatalog(found);
    }

    Set<String> names() {
        return factories.keySet();
    }

    /** The factory of this name; {@code beside} are those that a container makes without one, for the message. */
    LockBackendFactory find(String who, String name, Set<String> beside) {
        LockBackendFactory factory = factories.get(name);
        if (factory != null) {
            return factory;
        }
        Set<String> known = new TreeSet<>(names());
        known.addAll(beside);
        String problem = who + " asks for the backend \"" + name + "\", and found only " + String.join(", ", known);
        if (MODULES.containsKey(name)) {
            throw new LockUsageException(problem, "add " + MODULES.get(name) + " to the class path");
        }
        throw Words.unknown(problem, name, known);
    }

    /** Locks inside this JVM; nothing to configure. */
    private static final class Local implements LockBackendFactory {

        @Override
        public String name() {
            return LockweaveConfig.LOCAL;
        }

        @Override
        public Set<String> properties() {
            return Set.of();
        }

        @Override
        public LockBackend create(BackendSettings settings) {
            return new LocalBackend();
        }
    }
}
