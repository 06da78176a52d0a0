package io.lockweave.spring.boot4;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.spring.LockingHealthAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Health, as Spring Boot 4 has it. */
class HealthTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(LockingAutoConfiguration.class, LockingHealthAutoConfiguration.class));

    @Test
    void locks_are_up_when_their_store_answers() {
        application.run(context -> {
            Health health = context.getBean(HealthIndicator.class).health();

            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsEntry("backend", "local");
        });
    }

    @Test
    void it_can_be_switched_off() {
        application.withPropertyValues("management.health.locks.enabled=false").run(context -> assertThat(context)
                .doesNotHaveBean(HealthIndicator.class));
    }
}
