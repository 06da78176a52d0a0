package io.lockweave.spring.metrics;

import io.lockweave.config.LockweaveConfig;
import io.lockweave.spring.LockingAutoConfiguration;
import io.lockweave.spring.backend.BoundedNames;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/**
 * Observations of acquisitions with {@code lockweave.observations.enabled = true}: a span for each lock is not for
 * everybody.
 */
@AutoConfiguration(
        after = LockingAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration"
        })
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnProperty(name = "lockweave.observations.enabled", havingValue = "true")
public class LockingObservationAutoConfiguration {

    @Bean
    LockObservations lockweaveObservations(ObservationRegistry observations, LockweaveConfig config) {
        return new LockObservations(observations, BoundedNames.of(config));
    }
}
