package io.lockweave.spring.actuate.boot35;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockweave.LockBackendException;
import io.lockweave.LockKey;
import io.lockweave.Locks;
import io.lockweave.spi.LockBackend;
import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.spring.actuate.LockingBoot35HealthAutoConfiguration;
import io.lockweave.spring.actuate.SilentStore;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.health.HealthContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthEndpointAutoConfiguration;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Health, as Spring Boot 3.5 has it. */
class HealthTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(LockingAutoConfiguration.class, LockingBoot35HealthAutoConfiguration.class));

    @Test
    void locks_are_up_when_their_store_answers() {
        application.run(context -> {
            assertThat(context).getBeanNames(HealthIndicator.class).containsOnly("locksHealthIndicator");
            Health health = context.getBean(HealthIndicator.class).health();

            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsEntry("backend", "local");
        });
    }

    @Test
    void the_endpoint_has_it() {
        application
                .withConfiguration(AutoConfigurations.of(
                        HealthContributorAutoConfiguration.class, HealthEndpointAutoConfiguration.class))
                .withPropertyValues("management.endpoints.web.exposure.include=health")
                .run(context -> assertThat(context.getBean(HealthEndpoint.class)
                                .healthForPath("locks")
                                .getStatus())
                        .isEqualTo(Status.UP));
    }

    @Test
    void locks_are_down_when_their_store_does_not_answer() {
        application.withBean(LockBackend.class, SilentStore::connect).run(context -> {
            Health health = context.getBean(HealthIndicator.class).health();

            assertThat(health.getStatus()).isEqualTo(Status.DOWN);
            assertThat(health.getDetails()).containsEntry("backend", "silent").containsKey("error");
        });
    }

    @Test
    void they_say_that_claims_are_refused_meanwhile() {
        application
                .withBean(LockBackend.class, SilentStore::connect)
                .withPropertyValues(
                        "lockweave.fail-fast-after=1ms", "lockweave.wait-time=10ms", "lockweave.shutdown.hold-time=0s")
                .run(context -> {
                    assertThatThrownBy(() -> context.getBean(Locks.class).acquire(LockKey.of("user", 1)))
                            .isInstanceOf(LockBackendException.class);

                    Health health = context.getBean(HealthIndicator.class).health();

                    assertThat(health.getStatus()).isEqualTo(Status.DOWN);
                    assertThat(health.getDetails()).hasEntrySatisfying("outage", outage -> assertThat(outage.toString())
                            .contains("no answer for ", "claims are refused at once"));
                });
    }

    @Test
    void an_indicator_of_the_application_with_that_name_is_left_alone() {
        HealthIndicator own = () -> Health.unknown().build();
        application
                .withBean("locksHealthIndicator", HealthIndicator.class, () -> own)
                .run(context ->
                        assertThat(context.getBean(HealthIndicator.class)).isSameAs(own));
    }

    @Test
    void it_can_be_switched_off_alone_or_with_all_others() {
        application.withPropertyValues("management.health.locks.enabled=false").run(context -> assertThat(context)
                .doesNotHaveBean(HealthIndicator.class));
        application
                .withPropertyValues("management.health.defaults.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
        application
                .withPropertyValues("management.health.defaults.enabled=false", "management.health.locks.enabled=true")
                .run(context -> assertThat(context).hasSingleBean(HealthIndicator.class));
    }
}
