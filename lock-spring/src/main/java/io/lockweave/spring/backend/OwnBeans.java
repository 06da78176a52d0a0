package io.lockweave.spring.backend;

import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.spi.LockBackend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Locks and backends that the application defines itself, by the names of their backends.
 *
 * <p>Internal: public only because other packages of this module use it.
 */
public final class OwnBeans {

    /** The bean made here if the application has none. */
    public static final String LOCKS = "lockweaveLocks";

    private final ConfigurableListableBeanFactory beans;

    public OwnBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /** The names of all backends that need not be on the class path as a module. */
    public static Set<String> names(ConfigurableListableBeanFactory beans, ObjectProvider<BackendSource> sources) {
        OwnBeans own = new OwnBeans(beans);
        Set<String> names = new TreeSet<>(own.locks().keySet());
        names.addAll(own.backends().keySet());
        sources.forEach(source -> names.add(source.name()));
        return names;
    }

    List<String> locksNames() {
        return Stream.of(beans.getBeanNamesForType(Locks.class, true, false))
                .filter(name -> !name.equals(LOCKS))
                .toList();
    }

    Map<String, Locks> locks() {
        return byBackend(locksNames(), Locks.class, Locks::backend);
    }

    Map<String, LockBackend> backends() {
        return byBackend(
                List.of(beans.getBeanNamesForType(LockBackend.class, true, false)),
                LockBackend.class,
                LockBackend::name);
    }

    /** The backend of the application's only or primary bean of a type; null if it has none. */
    @Nullable
    String primary() {
        String locks = primary(locks().keySet(), Locks.class, Locks::backend);
        return locks != null ? locks : primary(backends().keySet(), LockBackend.class, LockBackend::name);
    }

    private <T> @Nullable String primary(Set<String> found, Class<T> type, Function<T, String> backend) {
        if (found.isEmpty()) {
            return null;
        }
        T one = beans.getBeanProvider(type).getIfUnique();
        if (one == null) {
            throw new LockUsageException(
                    "There are several beans of type " + type.getSimpleName() + ", for the backends "
                            + String.join(", ", found) + ", and none is the primary one",
                    "set lockweave.backend to one of them, or make one bean @Primary");
        }
        return backend.apply(one);
    }

    private <T> Map<String, T> byBackend(List<String> names, Class<T> type, Function<T, String> backend) {
        Map<String, T> found = new LinkedHashMap<>();
        for (String name : names) {
            T bean = beans.getBean(name, type);
            if (found.putIfAbsent(backend.apply(bean), bean) != null) {
                throw new LockUsageException(
                        "Two beans of type " + type.getSimpleName() + " are both for the backend \""
                                + backend.apply(bean) + "\"; the second is \"" + name + "\"",
                        "leave one of them");
            }
        }
        return found;
    }
}
