package io.lockweave.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.spring.LockingAutoConfiguration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** What HTTP offers of the endpoint, by how the application exposes it. */
class EndpointAccessTest {

    /** Converts values as an application does. */
    private final WebApplicationContextRunner application = new WebApplicationContextRunner()
            .withInitializer(
                    context -> context.getEnvironment().setConversionService(new ApplicationConversionService()))
            .withConfiguration(AutoConfigurations.of(
                    LockingAutoConfiguration.class,
                    LockingActuatorAutoConfiguration.class,
                    EndpointAutoConfiguration.class,
                    WebEndpointAutoConfiguration.class));

    private static List<String> operations(WebEndpointsSupplier endpoints) {
        return endpoints.getEndpoints().stream()
                .flatMap(endpoint -> endpoint.getOperations().stream())
                .map(operation -> operation.getRequestPredicate().getHttpMethod() + " "
                        + operation.getRequestPredicate().getPath())
                .sorted()
                .toList();
    }

    private void requireOperations(List<String> expected, String... properties) {
        application.withPropertyValues(properties).run(context -> assertThat(
                        operations(context.getBean(WebEndpointsSupplier.class)))
                .isEqualTo(expected));
    }

    @Test
    void nothing_is_there_before_it_is_exposed() {
        requireOperations(List.of());
    }

    @Test
    void exposed_it_is_for_reading_and_frees_locks_only_when_that_is_allowed_too() {
        List<String> reading = List.of("GET locks", "GET locks/{*key}");
        requireOperations(
                Stream.concat(reading.stream(), Stream.of("GET lockspage")).toList(),
                "management.endpoints.web.exposure.include=*");
        for (String open : List.of(
                "management.endpoint.locks.enabled=true",
                "management.endpoint.locks.access=unrestricted",
                "management.endpoints.access.default=unrestricted")) {
            requireOperations(reading, "management.endpoints.web.exposure.include=locks", open);
        }
        requireOperations(
                reading, "management.endpoints.web.exposure.include=locks", "lockweave.endpoint.force-release=true");
        requireOperations(
                Stream.concat(Stream.of("DELETE locks/{*key}"), reading.stream())
                        .toList(),
                "management.endpoints.web.exposure.include=locks",
                "management.endpoint.locks.access=unrestricted",
                "lockweave.endpoint.force-release=true");
        requireOperations(
                reading,
                "management.endpoints.web.exposure.include=locks",
                "management.endpoint.locks.access=unrestricted",
                "lockweave.endpoint.force-release=true",
                "management.endpoints.access.max-permitted=read-only");
        requireOperations(
                List.of(), "management.endpoints.web.exposure.include=locks", "management.endpoint.locks.access=none");
    }
}
