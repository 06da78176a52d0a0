package io.lockweave.spring.backend;

import io.lockweave.LockUsageException;
import io.lockweave.Locks;
import io.lockweave.spi.LockBackend;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
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

    /** Whether this context has none, whatever its parents have: those are found by the type of what is injected. */
    boolean noLocksHere() {
        return names(Locks.class).noneMatch(beans::containsLocalBean);
    }

    /** Those of this context first, then those of its parents. What was made here for another context is its own. */
    private Stream<String> names(Class<?> type) {
        return Stream.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type, true, false))
                .filter(name -> !name.equals(LOCKS));
    }

    Map<String, Locks> locks() {
        return byBackend(Locks.class, Locks::backend);
    }

    Map<String, LockBackend> backends() {
        return byBackend(LockBackend.class, LockBackend::name);
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
        T one = nearest(type).getBeanProvider(type).getIfUnique();
        if (one == null) {
            throw new LockUsageException(
                    "There are several beans of type " + type.getSimpleName() + ", for the backends "
                            + String.join(", ", found) + ", and none is the primary one",
                    "set lockweave.backend to one of them, or make one bean @Primary");
        }
        return backend.apply(one);
    }

    /** The context that defines any: this one, or the first one above it. */
    private ListableBeanFactory nearest(Class<?> type) {
        ListableBeanFactory at = beans;
        while (Stream.of(at.getBeanNamesForType(type, true, false)).allMatch(LOCKS::equals)
                && at instanceof HierarchicalBeanFactory here
                && here.getParentBeanFactory() instanceof ListableBeanFactory above) {
            at = above;
        }
        return at;
    }

    private <T> Map<String, T> byBackend(Class<T> type, Function<T, String> backend) {
        Map<String, T> found = new LinkedHashMap<>();
        Set<String> foundHere = new HashSet<>();
        for (String name : names(type).toList()) {
            T bean = beans.getBean(name, type);
            boolean here = beans.containsLocalBean(name);
            if (here) {
                foundHere.add(backend.apply(bean));
            }
            if (found.putIfAbsent(backend.apply(bean), bean) != null
                    && (here || !foundHere.contains(backend.apply(bean)))) {
                throw new LockUsageException(
                        "Two beans of type " + type.getSimpleName() + " are both for the backend \""
                                + backend.apply(bean) + "\"; the second is \"" + name + "\"",
                        "leave one of them");
            }
        }
        return found;
    }
}
