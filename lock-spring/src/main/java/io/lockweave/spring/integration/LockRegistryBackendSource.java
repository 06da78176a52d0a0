package io.lockweave.spring.integration;

import io.lockweave.LockUsageException;
import io.lockweave.spi.BackendSettings;
import io.lockweave.spi.LockBackend;
import io.lockweave.spring.backend.BackendSource;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.integration.support.locks.LockRegistry;

/**
 * A {@link LockRegistry} bean of Spring Integration: the one that {@code lockweave.integration.registry} names, else
 * the only one. Never chosen by itself, because an application has its registries for other things.
 */
final class LockRegistryBackendSource implements BackendSource {

    private final ListableBeanFactory beans;

    LockRegistryBackendSource(ListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public String name() {
        return "integration";
    }

    @Override
    public boolean available(BackendSettings settings) {
        return !names().isEmpty();
    }

    @Override
    public boolean choosesItself() {
        return false;
    }

    /** All but our own, which are locks of other backends. */
    private List<String> names() {
        return Stream.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, LockRegistry.class, true, false))
                .filter(name -> !beans.isTypeMatch(name, LockweaveLockRegistry.class))
                .toList();
    }

    @Override
    public LockBackend open(BackendSettings settings) {
        List<String> names = names();
        String wanted = settings.text("registry").orElse(names.size() == 1 ? names.get(0) : "");
        if (!names.contains(wanted)) {
            throw new LockUsageException(
                    wanted.isEmpty()
                            ? "There are several LockRegistry beans to lock with"
                            : "lockweave.integration.registry is \"" + wanted
                                    + "\", and no LockRegistry bean to lock with has that name",
                    "set lockweave.integration.registry to one of " + String.join(", ", names));
        }
        return new LockRegistryStore(
                beans.getBean(wanted, LockRegistry.class),
                settings.duration("timeout", Duration.ofSeconds(5)),
                settings.duration("renewal", Duration.ofSeconds(2)));
    }
}
