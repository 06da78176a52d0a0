package io.lockweave.spring.actuate;

import io.lockweave.LocksBuilder;
import io.lockweave.config.LockweaveConfig;
import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.spring.backend.ApplicationLocks;
import io.lockweave.spring.backend.BoundedNames;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * The actuator endpoints {@code locks} and {@code lockspage}. As with any endpoint, HTTP shows them only if the
 * application exposes them.
 */
@AutoConfiguration(after = LockingAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(ApplicationLocks.class)
public class LockingActuatorAutoConfiguration {

    @Bean
    @ConditionalOnAvailableEndpoint(endpoint = LocksEndpoint.class)
    @ConditionalOnProperty(name = "lockweave.endpoint.force-release", havingValue = "true")
    @ConditionalOnMissingBean(LocksEndpoint.class)
    LocksEndpoint freeingLocksEndpoint(ApplicationLocks locks, RecentEvents recent, LockweaveConfig config) {
        return new FreeingLocksEndpoint(locks, recent, new LockAddresses(namespace(config)));
    }

    @Bean
    @ConditionalOnAvailableEndpoint(endpoint = LocksEndpoint.class)
    @ConditionalOnMissingBean(LocksEndpoint.class)
    LocksEndpoint locksEndpoint(ApplicationLocks locks, RecentEvents recent, LockweaveConfig config) {
        return new LocksEndpoint(locks, recent, new LockAddresses(namespace(config)));
    }

    /** Only where somebody may ask for it: who listens makes each acquisition a little slower. */
    @Bean
    @ConditionalOnAvailableEndpoint(endpoint = LocksEndpoint.class)
    RecentEvents lockweaveRecentEvents(LockweaveConfig config) {
        return new RecentEvents(InstantSource.system(), namespace(config), BoundedNames.of(config));
    }

    private static String namespace(LockweaveConfig config) {
        String namespace = config.namespace();
        return namespace == null ? LocksBuilder.DEFAULT_NAMESPACE : namespace;
    }

    @Bean
    @ConditionalOnAvailableEndpoint(endpoint = LocksPageEndpoint.class)
    @ConditionalOnMissingBean
    LocksPageEndpoint locksPageEndpoint(
            Environment environment,
            ObjectProvider<LocksEndpoint> endpoint,
            ObjectProvider<EndpointAccessResolver> accesses) {
        EndpointAccessResolver access = accesses.getIfAvailable();
        boolean mayRelease = endpoint.getIfAvailable() instanceof FreeingLocksEndpoint
                && access != null
                && access.accessFor(EndpointId.of(LocksEndpoint.ID), Access.READ_ONLY) == Access.UNRESTRICTED;
        String path =
                environment.getProperty("management.endpoints.web.path-mapping." + LocksEndpoint.ID, LocksEndpoint.ID);
        return new LocksPageEndpoint(path, mayRelease);
    }
}
